import { beforeEach, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryAllValues } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    mockService,
    mountWebClient,
    onRpc,
} from "@web/../tests/web_test_helpers";

defineMailModels();

function line(id, name, values = {}) {
    return {
        product_id: id,
        name,
        code: `P${id}`,
        uom: "kg",
        state: "due",
        interval: 14,
        last_quantity: 5,
        last_date: "2026-10-01",
        last_price: 9,
        last_currency_id: 1,
        price: 10,
        frame: false,
        stock: 100,
        ...values,
    };
}

const SHEET = {
    partner: { id: 7, name: "Coatings Ltd.", phone: "+44 1", credit_state: "allow" },
    currency_id: 1,
    lines: [line(1, "Resin"), line(2, "Hardener", { price: 20, last_quantity: 3 })],
    advice: [{ line: line(9, "Pigment", { state: "new" }), reason: "Often bought with it" }],
    orders: [
        {
            id: 70,
            name: "S070",
            date: "2026-10-01",
            total: 50,
            currency_id: 1,
            lines: [
                [1, 8],
                [99, 1],
            ],
        },
    ],
};

beforeEach(() => {
    onRpc("res.users", "review_user_count", () => []); // asked by the menu bar
    onRpc("crm.telesales", "get_sheet", () => structuredClone(SHEET));
    onRpc("crm.telesales", "get_update", ({ args }) => ({
        prices: args[1].map(([id, quantity]) => [id, quantity >= 10 ? 8 : 10 * id, id === 2]),
        advice: [],
    }));
    onRpc("crm.telesales", "search_products", () => [line(3, "Thinner", { price: 4 })]);
    onRpc("crm.telesales", "create_order", ({ args }) => {
        expect.step(args.slice(1));
        return [];
    });
    mockService("notification", {
        add(text, { type }) {
            expect.step(type);
        },
    });
});

async function mountSheet() {
    await mountWebClient();
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_b2b.telesales",
        context: { active_id: 7 },
    });
    await animationFrame();
}

/** The key, and what the server then says of prices and advice. */
async function key(...keys) {
    await press(keys);
    await advanceTime(300);
    await animationFrame();
}

test("the cursor stands on what is due first", async () => {
    await mountSheet();
    expect("input[data-product='1']").toBeFocused();
    expect(queryAllTexts("tbody .fw-bold")).toEqual(["Resin", "Hardener"]);
});

test("space takes the last quantity, enter goes on: two keys a repeated line", async () => {
    await mountSheet();
    await key(" ");
    await key("Enter");
    expect("input[data-product='2']").toBeFocused();
    await key(" ");
    expect(queryAllValues(".o_telesales_quantity")).toEqual(["5", "3"]);
    expect(".o_telesales_total").toHaveText(/\$\s110\.00/);
});

test("prices follow the quantity, a frame agreement is named", async () => {
    await mountSheet();
    await contains("input[data-product='2']").edit("12", { confirm: false });
    await advanceTime(300);
    await animationFrame();
    expect(".o_telesales_total").toHaveText(/\$\s96\.00/);
    expect("tbody tr:nth-child(2)").toHaveText(/Frame agreement/);
    expect("[name=telesales_advice]").toHaveCount(0);
});

test("control and enter make the quotation, with shift they confirm it", async () => {
    await mountSheet();
    await key(" ");
    await key("Control", "Enter");
    expect.verifySteps([[[[1, 5]], false, ""]]);
    await key("Control", "Shift", "Enter");
    expect.verifySteps([[[[1, 5]], true, ""]]);
});

test("nothing ordered, or a wrong quantity, is said and not sent", async () => {
    await mountSheet();
    await key("Control", "Enter");
    expect.verifySteps(["danger"]);
    await contains("input[data-product='1']").edit("-3", { confirm: false });
    expect("input[data-product='1']").toHaveClass("is-invalid");
    await key("Control", "Enter");
    expect.verifySteps(["danger"]);
});

test("slash looks for another product, enter takes it and its quantity is next", async () => {
    await mountSheet();
    await key("/");
    expect(".o_telesales_search").toBeFocused();
    await contains(".o_telesales_search").edit("thin", { confirm: false });
    await key("Enter");
    expect("input[data-product='3']").toBeFocused();
    expect(".o_telesales_found").toHaveCount(0);
});

test("an earlier order is repeated, and what cannot be is said", async () => {
    await mountSheet();
    await contains(".o_telesales_repeat").click();
    await advanceTime(300);
    expect(queryAllValues(".o_telesales_quantity")).toEqual(["8", ""]);
    expect.verifySteps(["warning"]);
});

test("advice is one click from its quantity", async () => {
    await mountSheet();
    await contains("[name=telesales_advice] button").click();
    expect("input[data-product='9']").toBeFocused();
});
