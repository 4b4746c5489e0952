import { StartPage } from "@crm_credit/start_page/start_page";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";

/** Start page of One-to-one: the steps of IDIC, money and dates; figures are doors. */
export class MarketingCockpit extends StartPage {
    static template = "crm_marketing.Cockpit";
    static source = ["crm.marketing.cockpit", "get_cockpit"];

    percent(value) {
        return `${Math.round(value)} %`;
    }

    day(text) {
        return formatDate(deserializeDate(text));
    }
}

registry.category("actions").add("crm_marketing.cockpit", MarketingCockpit);
