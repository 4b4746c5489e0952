import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Colour and icon of a figure; the word beside it says the same. */
const LOOK = {
    late: ["text-danger", "fa-exclamation-circle"],
    due_today: ["text-warning-emphasis", "fa-clock-o"],
    unassigned: ["", "fa-user-times"],
    waiting: ["text-muted", "fa-pause-circle"],
};

/** Start page of Service: what to do today, each figure a door to its records. */
export class ServiceOverview extends Component {
    static template = "crm_service.ServiceOverview";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ data: null, error: false });
        onWillStart(() => this.load());
    }

    async load() {
        try {
            this.state.data = await this.orm.call("service.overview", "get_overview", []);
            this.state.error = false;
        } catch (error) {
            this.state.error = true;
            throw error;
        }
    }

    look(key) {
        return LOOK[key];
    }

    get trendText() {
        return this.state.data.sla.trend
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
        return this.state.data.sla.trend.at(-1);
    }

    open(action) {
        return this.action.doAction(action);
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("crm_service.overview", ServiceOverview);
