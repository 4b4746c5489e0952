import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { mailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();
    partner_id = fields.Many2one({ relation: "res.partner" });
    stage_id = fields.Many2one({ relation: "crm.stage" });
    gate_done = fields.Integer();
    gate_total = fields.Integer();
    gate_missing = fields.Char();
    value_class = fields.Char();
    value_class_name = fields.Char();

    _records = [
        { id: 1, name: "A", gate_total: 2, value_class: "most_valuable", value_class_name: "Best" },
        { id: 2, name: "B", gate_total: 2, value_class: "dormant", value_class_name: "Dormant" },
        { id: 3, name: "C", gate_total: 2 },
    ];
}

class Stage extends models.Model {
    _name = "crm.stage";

    name = fields.Char();
}

defineModels({ ...mailModels, Lead, Stage });

test("class and gate of all cards come by one call", async () => {
    onRpc("crm.lead", "web_read", ({ args, kwargs }) => {
        expect.step([args[0], Object.keys(kwargs.specification).sort()]);
    });
    await mountView({
        type: "kanban",
        resModel: "crm.lead",
        arch: `
            <kanban>
                <templates>
                    <t t-name="card">
                        <field name="name"/>
                        <widget name="lead_gate"/>
                        <widget name="lead_value"/>
                    </t>
                </templates>
            </kanban>`,
    });
    await animationFrame();
    await runAllTimers();
    await animationFrame();
    expect.verifySteps([
        [
            [1, 2, 3],
            ["gate_done", "gate_missing", "gate_total", "value_class", "value_class_name"],
        ],
    ]);
    expect(queryAllTexts(".o_lead_value")).toEqual(["Best", "Dormant", ""]);
    expect(".o_lead_value:first .badge").toHaveClass("text-bg-success");
    expect(queryAllTexts(".o_lead_gate")).toEqual(["Gate 0/2", "Gate 0/2", "Gate 0/2"]);
});
