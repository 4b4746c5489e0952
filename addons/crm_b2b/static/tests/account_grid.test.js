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

const FAMILIES = [
    { id: 4, name: "Resins" },
    { id: 5, name: "Hardeners" },
];

class Plan extends models.Model {
    _name = "plan";

    name = fields.Char();
    whitespace = fields.Json();
    rollup = fields.Json();

    _records = [
        {
            id: 1,
            name: "with figures",
            whitespace: {
                currency_id: 1,
                families: FAMILIES,
                rows: [
                    {
                        id: 10,
                        name: "Head office",
                        city: "Leeds",
                        cells: [
                            { family_id: 4, state: "bought", amount: 1200 },
                            { family_id: 5, state: "white", amount: 0 },
                        ],
                    },
                    {
                        id: 11,
                        name: "Plant",
                        city: false,
                        cells: [
                            { family_id: 4, state: "lost", amount: 300 },
                            { family_id: 5, state: "quoted", amount: 50 },
                        ],
                    },
                ],
            },
            rollup: {
                currency_id: 1,
                rows: [
                    figures(10, "Head office", 0, 1200, 0),
                    figures(11, "Plant", 1, 300, 18),
                ],
                total: { invoiced: 1500, ordered: 30, pipeline: 20, overdue: 18 },
            },
        },
        { id: 2, name: "new", whitespace: false, rollup: false },
    ];
}

function figures(id, name, depth, invoiced, overdue) {
    return { id, name, depth, invoiced, ordered: 15, pipeline: 10, overdue };
}

defineModels({ ...mailModels, Plan });

function mountPlan(resId) {
    return mountView({
        type: "form",
        resModel: "plan",
        resId,
        arch: `
            <form>
                <field name="whitespace" widget="account_whitespace" nolabel="1"/>
                <field name="rollup" widget="account_rollup" nolabel="1"/>
            </form>`,
    });
}

function watchActions() {
    mockService("action", {
        doAction(action) {
            expect.step(`${action.res_model} ${action.res_id || ""}`.trim());
        },
    });
}

test("a cell says with a word, an icon and an amount what happened", async () => {
    await mountPlan(1);
    expect(queryAllTexts("thead:first th")).toEqual(["Site", "Resins", "Hardeners"]);
    const bought = ".o_account_cell[data-state=bought]";
    expect(bought).toHaveText(/Bought\s*\$\s1,200/);
    expect(`${bought} .fa-check-circle`).toHaveCount(1);
    expect(".o_account_cell[data-state=white]").toHaveText("White");
    expect(".o_account_cell[data-state=lost] .fa-times-circle").toHaveCount(1);
});

test("a screen reader hears product family, site and state", async () => {
    await mountPlan(1);
    expect(".o_account_cell[data-state=quoted]").toHaveAttribute(
        "aria-label",
        "Hardeners at Plant: Quoted"
    );
});

test("a cell opens what the server says, by mouse and by keyboard", async () => {
    onRpc("plan", "action_open_cell", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window", res_model: "crm.lead" };
    });
    watchActions();
    await mountPlan(1);
    await contains(".o_account_cell[data-state=white]").click();
    expect.verifySteps([[[1], 10, 5, "white"], "crm.lead"]);
    await contains(".o_account_cell[data-state=lost]").focus();
    await press("Enter");
    await animationFrame();
    expect.verifySteps([[[1], 11, 4, "lost"], "crm.lead"]);
});

test("a plan without account says what to do", async () => {
    await mountPlan(2);
    expect(".o_field_account_whitespace table").toHaveCount(0);
    expect(".o_field_account_whitespace").toHaveText(/Choose an account/);
    expect(".o_field_account_rollup table").toHaveCount(0);
});

test("the group shows each company, the sum, and only real arrears in red", async () => {
    watchActions();
    await mountPlan(1);
    const rollup = ".o_field_account_rollup";
    expect(`${rollup} tbody tr`).toHaveCount(2);
    expect(`${rollup} tfoot`).toHaveText(/Group.*1,500.*30.*20.*18/s);
    expect(`${rollup} tbody td.text-danger`).toHaveCount(1);
    await contains(`${rollup} tbody button:contains(Plant)`).click();
    expect.verifySteps(["res.partner 11"]);
});
