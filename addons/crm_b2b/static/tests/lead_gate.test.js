import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { mailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();
    stage_id = fields.Many2one({ relation: "crm.stage" });
    has_gate = fields.Boolean();
    gate_done = fields.Integer();
    gate_total = fields.Integer();
    gate_missing = fields.Char();

    _records = [
        { id: 1, name: "A", stage_id: 1, has_gate: true, gate_done: 1, gate_total: 3, gate_missing: "Decider met" },
        { id: 2, name: "B", stage_id: 1, has_gate: true, gate_done: 3, gate_total: 3, gate_missing: "" },
        { id: 3, name: "C", stage_id: 2, has_gate: false, gate_done: 0, gate_total: 0, gate_missing: "" },
    ];
}

class Stage extends models.Model {
    _name = "crm.stage";

    name = fields.Char();

    _records = [
        { id: 1, name: "Qualified" },
        { id: 2, name: "Won" },
    ];
}

defineModels({ ...mailModels, Lead, Stage });

test("the gates of all cards are read by one call, after the cards", async () => {
    onRpc("crm.lead", "web_read", ({ args }) => {
        expect.step(args[0]);
    });
    await mountView({
        type: "kanban",
        resModel: "crm.lead",
        arch: `
            <kanban>
                <field name="has_gate"/>
                <templates>
                    <t t-name="card">
                        <field name="name"/>
                        <widget name="lead_gate" t-if="record.has_gate.raw_value"/>
                    </t>
                </templates>
            </kanban>`,
        groupBy: ["stage_id"],
    });
    expect(".o_kanban_record .o_lead_gate").toHaveCount(2);
    await animationFrame();
    await runAllTimers();
    await animationFrame();
    expect.verifySteps([[1, 2]]);
    expect(queryAllTexts(".o_lead_gate")).toEqual(["Gate 1/3", "Gate 3/3"]);
    expect(".o_lead_gate:first .fa-lock").toHaveCount(1);
    expect(".o_lead_gate:first").toHaveAttribute("title", "Decider met");
    expect(".o_lead_gate:last .fa-unlock").toHaveCount(1);
});
