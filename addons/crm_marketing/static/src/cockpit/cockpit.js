import { Component, onWillStart, useState } from "@odoo/owl";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { formatCurrency } from "@web/core/currency";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Start page of One-to-one: the steps of IDIC, money and dates; figures are doors. */
export class MarketingCockpit extends Component {
    static template = "crm_marketing.Cockpit";
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
            this.state.data = await this.orm.call("crm.marketing.cockpit", "get_cockpit", []);
            this.state.error = false;
        } catch (error) {
            this.state.error = true;
            throw error;
        }
    }

    money(amount, currencyId) {
        return formatCurrency(amount, currencyId);
    }

    percent(value) {
        return `${Math.round(value)} %`;
    }

    day(text) {
        return formatDate(deserializeDate(text));
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

registry.category("actions").add("crm_marketing.cockpit", MarketingCockpit);
