import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { mailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Judged extends models.Model {
    _name = "judged";

    cell = fields.Char();
    letter = fields.Selection({ selection: [["A", "Best"]] });
    risk = fields.Float();
    value_id = fields.Many2one({ relation: "judged" });

    _records = [
        { id: 1, cell: "543", letter: "A", risk: 0.25, value_id: 2 },
        { id: 2, cell: "111", letter: "A", risk: 0.75, value_id: false },
    ];
}

defineModels({ ...mailModels, Judged });

const TOLD = {
    title: "RFM",
    words: "Recency 3 days.\nScores 5-4-3.",
    as_of: "2026-06-30",
    policy: "Acme, version 2",
    entries: 14,
    kind: "items",
};

function told(more = {}) {
    const calls = [];
    onRpc("crm.customer.value", "get_score", ({ args }) => {
        calls.push(args);
        return { ...TOLD, ...more };
    });
    return calls;
}

function opened() {
    const actions = [];
    mockService("action", { doAction: (action) => actions.push(action) });
    return actions;
}

test("a score says how it came about and opens its entries", async () => {
    const calls = told();
    const actions = opened();
    onRpc("crm.customer.value", "action_open_entries", ({ args }) => ({ type: "entries", args }));
    await mountView({
        type: "list",
        resModel: "judged",
        arch: `<list><field name="cell" widget="insight_score"/></list>`,
    });
    await contains(".o_data_row:first .o_insight_score").click();
    expect(calls).toEqual([[[1], "cell"]]);
    expect(".o_insight_score_words strong").toHaveText("RFM");
    expect(".o_insight_score_words").toHaveText(/543/);
    expect(".o_insight_score_words").toHaveText(/Scores 5-4-3/);
    expect(".o_insight_score_words").toHaveText(/As of 2026-06-30, judged by Acme, version 2/);
    await contains(".o_insight_score_entries:contains(Open the 14 journal items)").click();
    expect(actions).toEqual([{ type: "entries", args: [[1], "cell"] }]);
    expect(".o_insight_score_words").toHaveCount(0);
});

test("it works by keyboard and closes by Escape", async () => {
    told({ entries: 0 });
    opened();
    await mountView({
        type: "form",
        resModel: "judged",
        resId: 1,
        arch: `<form><field name="letter" widget="insight_score" options="{'badge': True}"
            decoration-success="letter == 'A'"/></form>`,
    });
    expect(".o_insight_score .badge").toHaveClass("text-bg-success");
    expect(".o_insight_score").toHaveText("Best");
    await contains(".o_insight_score").focus();
    await press("Enter");
    await animationFrame();
    expect(".o_insight_score_words").toHaveCount(1);
    expect(".o_insight_score_entries").toHaveCount(0);
    await press("Escape");
    await animationFrame();
    expect(".o_insight_score_words").toHaveCount(0);
});

test("a screen reader hears which score it is, and whether its reason is open", async () => {
    told();
    opened();
    await mountView({
        type: "list",
        resModel: "judged",
        arch: `<list><field name="cell" string="RFM" widget="insight_score"/>
            <field name="risk" widget="insight_share" digits="[16, 0]"/></list>`,
    });
    const score = ".o_data_row:first [name=cell] .o_insight_score";
    expect(score).toHaveAttribute("aria-label", "RFM 543, how this came about");
    expect(".o_data_row:first [name=risk] .o_insight_score").toHaveAttribute(
        "aria-label",
        "Risk 25%, how this came about"
    );
    expect(score).toHaveAttribute("aria-expanded", "false");
    await contains(score).click();
    expect(score).toHaveAttribute("aria-expanded", "true");
    expect(".o_insight_score[aria-expanded=true]").toHaveCount(1);
    await press("Escape");
    await animationFrame();
    expect(score).toHaveAttribute("aria-expanded", "false");
});

test("on another record the score is that of its customer's value", async () => {
    const calls = told({ kind: "documents" });
    const actions = opened();
    await mountView({
        type: "form",
        resModel: "judged",
        resId: 1,
        arch: `<form><field name="value_id" invisible="1"/><field name="letter"
            widget="insight_score" options="{'score': 'abc', 'value': 'value_id'}"/></form>`,
    });
    await contains(".o_insight_score").click();
    expect(calls).toEqual([[[2], "abc"]]);
    expect(".o_insight_score_entries").toHaveText("Open the 14 documents");
    await contains(".o_insight_score_value").click();
    expect(actions[0].res_model).toBe("crm.customer.value");
    expect(actions[0].res_id).toBe(2);
});

test("what rests on contributions opens months", async () => {
    told({ kind: "months", entries: 12 });
    opened();
    await mountView({
        type: "form",
        resModel: "judged",
        resId: 1,
        arch: `<form><field name="letter" widget="insight_score"/></form>`,
    });
    await contains(".o_insight_score").click();
    expect(".o_insight_score_entries").toHaveText("Open the 12 months");
});

test("a record without a value shows its score and opens nothing", async () => {
    opened();
    await mountView({
        type: "form",
        resModel: "judged",
        resId: 2,
        arch: `<form><field name="value_id" invisible="1"/><field name="cell"
            widget="insight_score" options="{'value': 'value_id'}"/></form>`,
    });
    expect(".o_field_widget[name=cell]").toHaveText("111");
    expect(".o_insight_score").toHaveCount(0);
});

test("shares are percent, in groups too", async () => {
    opened();
    await mountView({
        type: "list",
        resModel: "judged",
        groupBy: ["letter"],
        arch: `<list><field name="risk" widget="insight_share" digits="[16, 0]"/></list>`,
    });
    expect(queryAllTexts(".o_group_header .o_list_number")).toEqual(["100%"]);
    await contains(".o_group_header").click();
    expect(queryAllTexts(".o_insight_score")).toEqual(["25%", "75%"]);
});
