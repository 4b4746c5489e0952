import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { mailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    getService,
    mockService,
    models,
    mountView,
    mountWebClient,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Account extends models.Model {
    _name = "account";

    name = fields.Char();
    profit = fields.Json();
    fit = fields.Json();
    timeline = fields.Json();
    identity = fields.Json();

    _records = [
        {
            id: 1,
            name: "Acme",
            identity: {
                centre: [
                    { name: "Decider", needed: false, people: [{ id: 7, name: "Ada", stance: "Champion" }] },
                    { name: "User", needed: false, people: [] },
                    { name: "Buyer", needed: true, people: [] },
                ],
                group: [{ id: 8, name: "Holding", place: "" }],
                firms: [],
                sites: [],
            },
            timeline: [
                { kind: "mail", date: "2026-03-03 10:00:00", name: "Thanks", text: "We", model: "res.partner", id: 1 },
                { kind: "order", date: "2026-03-02 10:00:00", name: "S2", text: "70", model: "sale.order", id: 9 },
                { kind: "order", date: "2026-03-01 10:00:00", name: "S1", text: "70", model: "sale.order", id: 8 },
            ],
            fit: {
                rule: "half_year_repeats",
                bgnbd: {
                    r: 0.24,
                    alpha: 4.41,
                    a: 0.79,
                    b: 2.43,
                    log_likelihood: -9582.43,
                    converged: true,
                    customers: 60,
                    repeaters: 55,
                },
                gamma_gamma: {
                    p: 6.25,
                    q: 3.74,
                    v: 15.45,
                    log_likelihood: -4055.1,
                    converged: false,
                    customers: 55,
                },
                lifetime: {
                    customers: 49,
                    better: "half_year_repeats",
                    scores: [
                        { name: "model", captured: 0.36, mae: 5462, bias: 0.04 },
                        { name: "half_year_repeats", captured: 0.49, mae: 6765, bias: null },
                    ],
                    bins: [
                        { frequency: 0, customers: 8, predicted: 1.4506, actual: 1.625 },
                        { frequency: 1, customers: 41, predicted: 3.57, actual: 4.2683 },
                    ],
                },
                churn: {
                    refused: "55 customers are too few",
                    judged: 55,
                    judged_lost: 16,
                    default: {
                        auc: 0.71,
                        brier: 0.15,
                        base_rate: 0.3,
                        limit: 0.5,
                        flagged: 20,
                        precision: 0.6,
                        recall: 0.75,
                        calibration: [
                            [28, 0.1, 0.2],
                            [27, 0.4, 0.4],
                        ],
                    },
                },
            },
            profit: {
                currency_id: 1,
                from: "2026-01-01",
                to: "2026-06-30",
                missing: ["marketing"],
                steps: [
                    { code: "list_revenue", change: 0, after: 110, total: true },
                    { code: "discount", change: -10, after: 100, total: false },
                    { code: "revenue", change: 0, after: 100, total: true },
                    { code: "goods", change: -60, after: 40, total: false },
                    { code: "gross_margin", change: 0, after: 40, total: true },
                    { code: "sales", change: -50, after: -10, total: false },
                    { code: "left", change: 0, after: -10, total: true },
                ],
            },
        },
    ];
}

defineModels({ ...mailModels, Account });

/** The figures of a period, nobody and nothing unless told. */
function makeCells(values) {
    const codes = ["opening", "gained", "regained", "lost", "closing", "gross", "net"];
    return codes.map((code) => ({
        code,
        value: values[code] ?? 0,
        model: ["gross", "net"].includes(code) ? "crm.customer.bridge" : "crm.customer.flow",
        domain: [["kind", "=", code]],
    }));
}

const CURVES = {
    company: "Acme",
    company_id: 1,
    currency_id: 1,
    as_of: "2026-06-30",
    whale: [
        {
            rank: 1,
            first: 1,
            name: "Best",
            amount: 100,
            total: 100,
            share: 0.5,
        },
        {
            rank: 2,
            first: 2,
            name: "Worst",
            amount: -20,
            total: 80,
            share: 1,
        },
    ],
    grid: [{ r: 5, f: 4, count: 7, monetary: 900 }],
    moves: {
        since: "2025-06-30",
        classes: [
            { code: "growth", name: "Growth" },
            { code: "new", name: "New" },
        ],
        cells: [{ from: "new", to: "growth", count: 3, monetary: 50 }],
    },
    cohorts: [
        {
            cohort: "2026-01-01",
            name: "2026 Q1",
            size: 4,
            cells: [
                { age: 0, count: 4, revenue: 40, share: 1 },
                { age: 1, count: 2, revenue: 20, share: 0.5 },
            ],
        },
    ],
    bucket: {
        month: "2026-06-01",
        gross: 0.8,
        net: 1.1,
        bridges: [
            {
                code: "revenue",
                name: "Revenue",
                model: "crm.customer.bridge",
                before: 100,
                now: 110,
                steps: [
                    { code: "grown", name: "Grown", count: 2, change: 30, domain: [] },
                    {
                        code: "lost",
                        name: "Lost",
                        count: 1,
                        change: -20,
                        domain: [["kind", "=", "lost"]],
                    },
                ],
            },
            {
                code: "customers",
                name: "Customers",
                model: "crm.customer.flow",
                before: 3,
                now: 2,
                steps: [{ code: "lost", name: "Lost", count: 1, change: -1, domain: [] }],
            },
        ],
    },
    periods: {
        quarter: [
            {
                name: "2026 Q2",
                ended: false,
                cells: makeCells({ opening: 3, lost: 1, closing: 2, gross: 0.8, net: false }),
            },
        ],
        month: [{ name: "2026-06", ended: true, cells: makeCells({ net: 1.1 }) }],
    },
};

async function openCurves(data = CURVES) {
    const opened = [];
    onRpc("crm.insight", "get_curves", () => data);
    onRpc("crm.insight", "get_ranked_domain", ({ args: [first, last] }) => [
        ["id", "in", [first, last]],
    ]);
    // counters of other applications in the bar above
    onRpc("res.users", "review_user_count", () => []);
    await mountWebClient();
    const service = getService("action");
    const original = service.doAction;
    service.doAction = (action, ...rest) =>
        action.tag === "crm_analytics.curves"
            ? original(action, ...rest)
            : opened.push(action);
    await service.doAction({ type: "ir.actions.client", tag: "crm_analytics.curves" });
    await animationFrame();
    return opened;
}

test("a curve is also a table whose rows open the customers", async () => {
    const opened = await openCurves();
    expect(".o_insight_chart canvas").toHaveCount(1);
    expect(".o_insight_chart canvas").toHaveAttribute(
        "aria-label",
        /2 points, the last is 100 %/
    );
    await contains(".o_insight_toggle").click();
    expect(queryAllTexts(".o_insight_chart tbody th")).toEqual(["Best", "Worst"]);
    await contains(".o_insight_chart tbody tr:last-child button").click();
    await animationFrame();
    expect(opened[0].res_model).toBe("crm.customer.value");
    expect(opened[0].domain).toEqual([
        ["company_id", "=", 1],
        ["id", "in", [2, 2]],
    ]);
});

test("before the first refresh the curves say what to do, with a button", async () => {
    const opened = await openCurves({ ...CURVES, as_of: false, whale: [] });
    expect(".o_insight_curves [role=status]").toHaveText(/Post customer invoices/);
    expect(".o_insight_chart").toHaveCount(0);
    await contains(".o_insight_first_refresh:contains(Refresh Values Now)").click();
    expect(opened).toEqual(["crm_analytics.crm_customer_value_action_refresh"]);
});

test("a cell of the grid says what it holds and opens it by keyboard", async () => {
    const opened = await openCurves();
    const cell = ".o_insight_matrix:first button";
    expect(cell).toHaveText("7");
    expect(".o_insight_note:first").toHaveText(/900/);
    expect(cell).toHaveAttribute("aria-label", /Recency 5, frequency 4: 7 customers/);
    await contains(cell).focus();
    await press("Enter");
    await animationFrame();
    expect(opened[0].domain).toEqual([
        ["company_id", "=", 1],
        ["r_score", "=", 5],
        ["f_score", "=", 4],
    ]);
});

test("moves go from the row to the column, cohorts show shares", async () => {
    const opened = await openCurves();
    const [, moves, , cohorts] = document.querySelectorAll(".o_insight_matrix");
    expect(queryAllTexts("tbody th", { root: moves })).toEqual([
        "Growth",
        "New",
        "Not classified",
    ]);
    moves.querySelector("tbody button").click();
    expect(opened[0].res_model).toBe("crm.customer.move");
    expect(opened[0].domain[1]).toEqual(["class_from", "=", "new"]);
    expect(queryAllTexts("tbody button", { root: cohorts })).toEqual(["100%", "50%"]);
});

test("the bridge goes from before to now, each step opens who made it", async () => {
    const opened = await openCurves();
    const rows = () => queryAllTexts(".o_insight_bridge tbody th");
    expect(rows()).toEqual(["Before", "Grown (2)", "Lost (1)", "Now"]);
    const bars = [...document.querySelectorAll(".o_insight_bar")];
    // the scale ends at 130: each step begins where the one before it ended
    expect(bars.map((bar) => Math.round(parseFloat(bar.style.marginLeft)))).toEqual([
        0, 77, 85, 0,
    ]);
    expect(bars.map((bar) => Math.round(parseFloat(bar.style.width)))).toEqual([
        77, 23, 15, 85,
    ]);
    expect(".o_insight_bridge tr:eq(1) td:first").toHaveText(/^\+.*30/);
    await contains(".o_insight_bridge tr:eq(2) button").click();
    expect(opened[0].res_model).toBe("crm.customer.bridge");
    expect(opened[0].domain).toEqual([["kind", "=", "lost"]]);
    await contains(".o_insight_bridge [data-code=customers]").click();
    expect(rows()).toEqual(["Before", "Lost (1)", "Now"]);
    expect(queryAllTexts(".o_insight_bridge td:nth-child(2)")).toEqual(["3", "-1", "2"]);
    expect(".o_insight_bridge [aria-pressed=true]").toHaveText("Customers");
});

test("customers by quarter or month open what they count", async () => {
    const opened = await openCurves();
    const table = ".o_insight_matrix:has(.o_insight_periods)";
    expect(queryAllTexts(`${table} thead th`)).toEqual(["Customers", "2026 Q2, so far"]);
    expect(queryAllTexts(`${table} tbody th`)).toEqual([
        "Opening",
        "Gained",
        "Regained",
        "Lost",
        "Closing",
        "Gross retention",
        "Net retention",
    ]);
    expect(queryAllTexts(`${table} tbody button`)).toEqual(["3", "0", "0", "1", "2", "80%"]);
    await contains(`${table} tbody button:contains(1)`).click();
    expect(opened[0].res_model).toBe("crm.customer.flow");
    expect(opened[0].name).toBe("2026 Q2, so far, Lost: 1");
    await contains(".o_insight_periods [data-size=month]").click();
    expect(`${table} thead th:last`).toHaveText("2026-06");
    expect(`${table} tbody button:last`).toHaveText("110%");
});

test("the account tells its buying centre with the gaps, its group and its sites", async () => {
    const actions = [];
    mockService("action", { doAction: (action) => actions.push(action) });
    await mountView({
        type: "form",
        resModel: "account",
        resId: 1,
        arch: `<form><field name="identity" widget="account_identity"/></form>`,
    });
    expect(queryAllTexts(".o_account_identity li")).toEqual(["Decider: Ada (Champion)"]);
    expect(".o_identity_gaps").toHaveText(
        /Nobody is known as:\s*User,\s*Buyer \(an open deal needs it\)/
    );
    expect(".o_identity_group").toHaveText(/Group:\s*Holding/);
    expect(".o_identity_firms").toHaveCount(0);
    expect(".o_identity_sites").toHaveText("No other site is known");
    await contains(".o_identity_group button").click();
    expect(actions[0].res_id).toBe(8);
});

test("the curve of a customer is drawn in the account's tab and opens its months", async () => {
    const actions = [];
    mockService("action", { doAction: (action) => actions.push(action) });
    onRpc("crm.insight", "get_gcv", ({ args }) => {
        expect.step(args[0]);
        return {
            company_id: 1,
            currency_id: 1,
            partner_id: 1,
            name: "Acme",
            stages: [{ name: "Growth", since: "2026-02-01" }],
            points: [
                { month: "2026-01-01", amount: 10, total: 10, stage: "" },
                { month: "2026-02-01", amount: 5, total: 15, stage: "Growth" },
            ],
        };
    });
    await mountView({
        type: "form",
        resModel: "account",
        resId: 1,
        arch: `<form><notebook>
            <page string="First"><field name="name"/></page>
            <page string="Value" name="value"><widget name="customer_curve"/></page>
        </notebook></form>`,
    });
    expect.verifySteps([]);
    await contains(".nav-link[name=value]").click();
    await animationFrame();
    expect.verifySteps([1]);
    expect(".o_customer_curve_tab canvas").toHaveAttribute("aria-label", /2 points, the last is 2026-02/);
    expect(".o_insight_stages").toHaveText("Growth from 2026-02");
    await contains(".o_insight_toggle").click();
    await contains(".o_insight_chart tbody tr:last-child button").click();
    expect(actions[0].domain).toEqual([
        ["company_id", "=", 1],
        ["partner_id", "=", 1],
        ["month", "=", "2026-02-01"],
    ]);
});

test("the profit falls from list price to what is left, each step opens", async () => {
    const calls = [];
    onRpc("action_open_profit_step", ({ args }) => {
        calls.push(args);
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", { doAction: () => {} });
    await mountView({
        type: "form",
        resModel: "account",
        resId: 1,
        arch: `<form><field name="profit" widget="customer_profit"/></form>`,
    });
    expect(queryAllTexts(".o_customer_profit tbody th")).toEqual([
        "At list price",
        "Discount",
        "Revenue",
        "Cost of goods",
        "Gross margin",
        "Cost of selling",
        "What is left",
    ]);
    expect(".o_customer_profit p").toHaveText(/not counted as zero: Marketing/);
    await contains(".o_customer_profit tr:nth-child(2) button").click();
    expect(calls).toEqual([[[1], "discount"]]);
});

test("a run shows its models: what was expected, what came, how good the risk is", async () => {
    await mountView({
        type: "form",
        resModel: "account",
        resId: 1,
        arch: `<form><field name="fit" widget="value_models"/></form>`,
    });
    expect(".o_value_rule").toHaveText("The last half year repeats");
    expect(queryAllTexts(".o_value_parameters .text-muted")).toEqual([
        "55 of 60 customers bought again; log-likelihood -9,582.43; converged",
        "55 customers with a mean value; log-likelihood -4,055.10; not converged",
    ]);
    expect(queryAllTexts(".o_value_scores tbody th")).toEqual([
        "BG/NBD and Gamma-Gamma",
        "The last half year repeats did better",
    ]);
    expect(queryAllTexts(".o_value_churn tbody td")).toEqual([
        "0.710",
        "0.1500",
        "30%",
        "20 from 50%",
        "60%",
        "75%",
    ]);
    expect(".o_value_models").toHaveText(/55 customers are too few/);
    expect(".o_insight_chart").toHaveCount(2);
    expect(".o_insight_chart canvas").toHaveCount(2);
    for (const button of document.querySelectorAll(".o_insight_toggle")) {
        button.click();
    }
    await animationFrame();
    expect(queryAllTexts(".o_insight_chart:first tbody th")).toEqual(["0 (8)", "1+ (41)"]);
    expect(queryAllTexts(".o_insight_chart:first tbody td")).toEqual([
        "1.45",
        "1.63",
        "3.57",
        "4.27",
    ]);
});

test("the time line is filtered by kind, and opens what happened", async () => {
    const opened = [];
    mockService("action", { doAction: (action) => opened.push(action) });
    await mountView({
        type: "form",
        resModel: "account",
        resId: 1,
        arch: `<form><field name="timeline" widget="account_timeline"/></form>`,
    });
    expect(".o_timeline_event").toHaveCount(3);
    await contains(".o_account_timeline button:contains('Orders (2)')").click();
    expect(".o_timeline_event").toHaveCount(2);
    expect(".o_account_timeline [aria-pressed=true]").toHaveText("Orders (2)");
    await contains(".o_timeline_event:last-child button").click();
    expect([opened[0].res_model, opened[0].res_id]).toEqual(["sale.order", 8]);
});
