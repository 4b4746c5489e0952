import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { mailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Account extends models.Model {
    _name = "account.test";

    name = fields.Char();
    visits = fields.Integer({ string: "Visits" });
    contact_ids = fields.One2many({ relation: "account.test", relation_field: "parent_id" });
    parent_id = fields.Many2one({ relation: "account.test" });

    _records = [
        { id: 1, name: "Acme", visits: 7, contact_ids: [3] },
        { id: 2, name: "Borealis", visits: 5, contact_ids: [] },
        { id: 3, name: "Ann", visits: 0, parent_id: 1 },
    ];
}

defineModels({ ...mailModels, Account });

const ARCH = `
    <form>
        <field name="name"/>
        <field name="visits" deferred="1"/>
        <p class="o_deferred_hint" invisible="contact_ids">Nobody</p>
        <field name="contact_ids" deferred="1">
            <list editable="bottom"><field name="name"/></list>
        </field>
    </form>`;

const READS = ["display_name name", "contact_ids visits"];

/** Mount the form; say which fields each read asks for; hold the second ones back. */
function mountAccount(resId = 1, gate = undefined) {
    onRpc("account.test", "web_read", async ({ args, kwargs, parent }) => {
        const names = Object.keys(kwargs.specification).sort();
        expect.step(names.join(" "));
        if (names.includes("visits")) {
            await gate;
        }
        return parent();
    });
    return mountView({ type: "form", resModel: "account.test", resId, resIds: [1, 2], arch: ARCH });
}

test("what is deferred is read at once, after what is not", async () => {
    await mountAccount();
    await animationFrame();
    expect.verifySteps(READS);
    expect(".o_field_widget[name=visits] input").toHaveValue("7");
    expect(queryAllTexts(".o_data_row")).toEqual(["Ann"]);
    expect(".o_deferred_hint").toHaveCount(0);
});

test("until it is known nothing false is shown", async () => {
    const gate = new Deferred();
    await mountAccount(1, gate);
    expect(".o_field_widget[name=name] input").toHaveValue("Acme");
    expect(".o_field_widget[name=visits]").not.toBeVisible();
    expect(".o_deferred_hint").not.toBeVisible();
    gate.resolve();
    await animationFrame();
    expect(".o_field_widget[name=visits]").toBeVisible();
    expect.verifySteps(READS);
});

test("a change waits for it, and saving keeps what was not touched", async () => {
    const gate = new Deferred();
    onRpc("account.test", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountAccount(1, gate);
    await contains(".o_field_widget[name=name] input").edit("Acme Ltd.");
    gate.resolve();
    await animationFrame();
    expect(".o_field_widget[name=visits] input").toHaveValue("7");
    expect(".o_field_widget[name=name] input").toHaveValue("Acme Ltd.");
    await contains(".o_form_button_save").click();
    expect.verifySteps([...READS, { name: "Acme Ltd." }]);
    expect(".o_field_widget[name=visits] input").toHaveValue("7");
    expect(queryAllTexts(".o_data_row")).toEqual(["Ann"]);
});

test("the next record does not show what the one before had", async () => {
    await mountAccount(1);
    await contains(".o_pager_next").click();
    await animationFrame();
    expect(".o_field_widget[name=name] input").toHaveValue("Borealis");
    expect(".o_field_widget[name=visits] input").toHaveValue("5");
    expect(".o_data_row").toHaveCount(0);
    expect(".o_deferred_hint").toBeVisible();
    expect.verifySteps([...READS, ...READS]);
});

test("reading again keeps the values of before until there are new ones", async () => {
    onRpc("account.test", "refresh", () => true);
    const arch = ARCH.replace("<form>", `<form><header><button name="refresh" type="object" string="Go"/></header>`);
    let gate;
    onRpc("account.test", "web_read", async ({ kwargs, parent }) => {
        if ("visits" in kwargs.specification) {
            await gate;
        }
        return parent();
    });
    await mountView({ type: "form", resModel: "account.test", resId: 1, arch });
    await animationFrame();
    gate = new Deferred();
    await contains("button[name=refresh]").click();
    expect(".o_field_widget[name=visits] input").toBeVisible();
    expect(".o_field_widget[name=visits] input").toHaveValue("7");
    expect(queryAllTexts(".o_data_row")).toEqual(["Ann"]);
    gate.resolve();
    await animationFrame();
    expect(".o_field_widget[name=visits] input").toHaveValue("7");
});

test("a new record has its fields at once", async () => {
    await mountAccount(false);
    expect.verifySteps([]);
    expect(".o_field_widget[name=visits]").toBeVisible();
});
