import { Component, onWillStart, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * What the start pages of the applications share: one call reads the page, figures are
 * doors to their records, and a page that cannot be read says why and tries again.
 *
 * A page names its `template` and its `source`, and calls the parts of start_page.xml.
 */
export class StartPage extends Component {
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    /** Model and method that read the page. */
    static source = [];

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ data: null, error: "" });
        onWillStart(() => this.load());
    }

    get data() {
        return this.state.data;
    }

    async load() {
        try {
            this.state.data = await this.orm.call(...this.constructor.source, []);
            this.state.error = "";
        } catch (error) {
            if (!(error instanceof RPCError || error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.error = error.data?.message || error.message;
        }
    }

    money(amount, currencyId) {
        return formatCurrency(amount, currencyId);
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
