import { StartPage } from "@crm_credit/start_page/start_page";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary, formatPercentage } from "@web/views/fields/formatters";

import { InsightBridge } from "../bucket/bridge";
import { InsightChart } from "../curves/chart";
import { openList } from "../curves/curves";

/** Start page of the app: every figure opens its records. */
export class InsightDashboard extends StartPage {
    static template = "crm_analytics.InsightDashboard";
    static components = { ...StartPage.components, InsightBridge, InsightChart };
    static source = ["crm.insight", "get_dashboard"];

    get whaleLabels() {
        return { title: _t("Whale curve"), head: [_t("Customers by rank"), _t("Cumulative")] };
    }

    /** The points are made once for each answer: the chart draws anew for another array. */
    get whale() {
        if (this.drawn !== this.data.share) {
            this.drawn = this.data.share;
            this.points = this.data.share.whale.map(({ share, total }) => ({
                label: this.percent(share),
                value: total,
            }));
            this.format = (value) => this.money(value);
        }
        return this.points;
    }

    money(value) {
        return formatMonetary(value || 0, {
            currencyId: this.data.currency_id,
            digits: [16, 0],
        });
    }

    percent(value) {
        return value === false ? "-" : formatPercentage(value, { digits: [16, 0] });
    }

    /** A change with its sign: the word for it is read out, the arrow is for eyes. */
    change(value) {
        if (value === false) {
            return { text: "", title: _t("No month end before this one") };
        }
        if (!value) {
            return { text: "=", title: _t("As many as at the last month end") };
        }
        const up = value > 0;
        return {
            text: `${up ? "▲ +" : "▼ "}${value}`,
            title: up
                ? _t("%s more than at the last month end", value)
                : _t("%s fewer than at the last month end", -value),
        };
    }

    openClass(item) {
        return openList(this.action, item.name, "crm.customer.value", [
            ["company_id", "=", this.data.company_id],
            ["value_class", "=", item.code],
        ]);
    }

    openStep(bridge, step) {
        return openList(this.action, step.name, bridge.model, step.domain);
    }

    async openRisk() {
        return this.action.doAction(await this.orm.call("crm.insight", "action_open_save_list", []));
    }

    openValue(item) {
        return this.openRecord("crm.customer.value", item.id);
    }

    openCurves() {
        return this.action.doAction("crm_analytics.crm_insight_curves_action");
    }

    openRun() {
        return this.openRecord("crm.value.run", this.data.run.id);
    }

    refresh() {
        return this.action.doAction("crm_analytics.crm_customer_value_action_refresh");
    }
}

registry.category("actions").add("crm_analytics.dashboard", InsightDashboard);
