import { StartPage } from "@crm_credit/start_page/start_page";
import { expect, test } from "@odoo/hoot";
import { xml } from "@odoo/owl";
import { mailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";

defineModels(mailModels);

class Page extends StartPage {
    static template = xml`
        <div class="page">
            <t t-call="crm_credit.StartPageError"/>
            <t t-if="data">
                <t t-call="crm_credit.StartPageFigure">
                    <t t-set="figure" t-value="data.figure"/>
                    <t t-set="icon" t-value="'fa-clock-o'"/>
                    <t t-set="value" t-value="data.figure.count"/>
                </t>
                <t t-call="crm_credit.StartPageLine">
                    <t t-set="first" t-value="['Acme', 'today']"/>
                    <t t-set="second" t-value="['Renewal', 'Ann']"/>
                </t>
                <a t-on-click="() => this.openRecord('res.partner', 7)">Acme</a>
            </t>
        </div>`;
    static source = ["some.page", "get_page"];
}

const FIGURE = { key: "late", label: "Late now", count: 3, action: { id: 5 } };

test("a figure is a door to its records, a line to its record", async () => {
    const opened = [];
    mockService("action", { doAction: (action) => opened.push(action) });
    onRpc("some.page", "get_page", () => ({ figure: FIGURE }));
    await mountWithCleanup(Page, { props: { action: {}, actionId: 1 } });
    expect(".page button[data-figure=late]").toHaveText("Late now\n3");
    expect(".page button[data-figure=late] .fa-clock-o").toHaveCount(1);
    expect(".page .text-muted").toHaveText("Renewal\nAnn");
    await contains(".page button[data-figure=late]").click();
    await contains(".page a").click();
    expect(opened[0]).toEqual({ id: 5 });
    expect([opened[1].res_model, opened[1].res_id]).toEqual(["res.partner", 7]);
    expect(".o_start_page_error").toHaveCount(0);
});

test("a page that cannot be read says why, and reads again", async () => {
    let broken = true;
    onRpc("some.page", "get_page", () => {
        if (broken) {
            throw makeServerError({ message: "The books are closed" });
        }
        return { figure: FIGURE };
    });
    await mountWithCleanup(Page, { props: { action: {}, actionId: 1 } });
    expect(".o_start_page_error").toHaveText(/The books are closed/);
    expect(".page button[data-figure]").toHaveCount(0);
    broken = false;
    await contains(".o_start_page_error button").click();
    expect(".o_start_page_error").toHaveCount(0);
    expect(".page button[data-figure]").toHaveCount(1);
});
