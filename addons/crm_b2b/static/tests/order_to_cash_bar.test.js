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

const STEPS = [
    { key: "quoted", amount: 40, count: 1 },
    { key: "ordered", amount: 310.5, count: 3 },
    { key: "delivered", amount: 280, count: 2 },
    { key: "invoiced", amount: 265, count: 4 },
    { key: "paid", amount: 247, count: 3 },
];

class Deal extends models.Model {
    _name = "deal";

    name = fields.Char();
    order_to_cash = fields.Json();

    _records = [
        {
            id: 1,
            name: "late",
            order_to_cash: {
                currency_id: 1,
                steps: [...STEPS, { key: "overdue", amount: 18, count: 2 }],
            },
        },
        {
            id: 2,
            name: "on time",
            order_to_cash: {
                currency_id: 1,
                steps: [
                    { key: "quoted", amount: 0, count: 0 },
                    ...STEPS.slice(1),
                    { key: "overdue", amount: 0, count: 0 },
                ],
            },
        },
        { id: 3, name: "no document", order_to_cash: false },
    ];
}

defineModels({ ...mailModels, Deal });

function mountDeal(resId) {
    return mountView({
        type: "form",
        resModel: "deal",
        resId,
        arch: `<form><field name="order_to_cash" widget="order_to_cash_bar" nolabel="1"/></form>`,
    });
}

test("steps show label and amount in the currency of the value", async () => {
    await mountDeal(1);
    expect(queryAllTexts(".o_order_to_cash_label")).toEqual([
        "Quoted",
        "Ordered",
        "Delivered",
        "Invoiced",
        "Paid",
        "Overdue",
    ]);
    expect(".o_order_to_cash_step[data-step=ordered] .o_order_to_cash_amount").toHaveText(
        /\$\s310\.50/
    );
});

test("overdue is said with a word, an icon and a colour", async () => {
    await mountDeal(1);
    const overdue = ".o_order_to_cash_step[data-step=overdue]";
    expect(overdue).toHaveClass("o_order_to_cash_overdue");
    expect(`${overdue} .fa-exclamation-triangle`).toHaveCount(1);
    expect(overdue).toHaveAttribute("aria-label", /Overdue: .*18\.00.*Documents: 2/);
});

test("overdue is absent when nothing is overdue, an empty step cannot be clicked", async () => {
    await mountDeal(2);
    expect(".o_order_to_cash_step[data-step=overdue]").toHaveCount(0);
    expect(".o_order_to_cash_step[data-step=quoted]").not.toBeEnabled();
});

test("no document, no step", async () => {
    await mountDeal(3);
    expect(".o_order_to_cash_step").toHaveCount(0);
});

test("a click opens the documents of the step", async () => {
    onRpc("deal", "action_order_to_cash", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window", res_model: "deal" };
    });
    mockService("action", {
        doAction(action) {
            expect.step(action.res_model);
        },
    });
    await mountDeal(1);
    await contains(".o_order_to_cash_step[data-step=invoiced]").click();
    expect.verifySteps([[[1], "invoiced"], "deal"]);
});

test("the keyboard reaches and opens a step", async () => {
    onRpc("deal", "action_order_to_cash", ({ args }) => {
        expect.step(args[1]);
        return { type: "ir.actions.act_window", res_model: "deal" };
    });
    mockService("action", { doAction: () => {} });
    await mountDeal(1);
    await contains(".o_order_to_cash_step[data-step=paid]").focus();
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["paid"]);
});
