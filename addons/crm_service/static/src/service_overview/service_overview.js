import { StartPage } from "@crm_credit/start_page/start_page";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Colour and icon of a figure; the word beside it says the same. */
const LOOK = {
    late: ["text-danger", "fa-exclamation-circle"],
    due_today: ["text-warning-emphasis", "fa-clock-o"],
    unassigned: ["", "fa-user-times"],
    waiting: ["text-muted", "fa-pause-circle"],
};

/** Start page of Service: what to do today, each figure a door to its records. */
export class ServiceOverview extends StartPage {
    static template = "crm_service.ServiceOverview";
    static source = ["service.overview", "get_overview"];

    /** Icon of a figure, coloured when there is something. */
    iconOf(figure) {
        const [colour, icon] = LOOK[figure.key];
        return `${icon} ${figure.count ? colour : ""}`;
    }

    get trendText() {
        return this.data.sla.trend
            .map((month) =>
                month.number
                    ? _t("%(month)s: %(percent)s % of %(number)s", {
                          month: month.label,
                          percent: month.percent,
                          number: month.number,
                      })
                    : _t("%s: nothing ended", month.label)
            )
            .join("; ");
    }

    get thisMonth() {
        return this.data.sla.trend.at(-1);
    }
}

registry.category("actions").add("crm_service.overview", ServiceOverview);
