import { Component, useState } from "@odoo/owl";

import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const KINDS = {
    order: { label: _t("Orders"), one: _t("Order"), icon: "fa-shopping-cart" },
    visit: { label: _t("Visits"), one: _t("Visit"), icon: "fa-handshake-o" },
    meeting: { label: _t("Meetings"), one: _t("Meeting"), icon: "fa-calendar" },
    request: { label: _t("Requests"), one: _t("Request"), icon: "fa-life-ring" },
    mail: { label: _t("Mails"), one: _t("Mail"), icon: "fa-envelope-o" },
    rating: { label: _t("Ratings"), one: _t("Rating"), icon: "fa-star-o" },
};

/**
 * What was said and done with an account, the newest first, by kind.
 * Value: [{kind, date, name, text, model, id}].
 */
export class AccountTimeline extends Component {
    static template = "crm_analytics.AccountTimeline";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.state = useState({ kind: "" });
    }

    get events() {
        return this.props.record.data[this.props.name] || [];
    }

    get kinds() {
        return Object.keys(KINDS)
            .map((code) => ({
                code,
                label: KINDS[code].label.toString(),
                count: this.events.filter((event) => event.kind === code).length,
            }))
            .filter((kind) => kind.count);
    }

    get shown() {
        return this.events
            .filter((event) => !this.state.kind || event.kind === this.state.kind)
            .map((event) => ({
                ...event,
                icon: KINDS[event.kind]?.icon || "fa-circle-o",
                label: (KINDS[event.kind]?.one || event.kind).toString(),
                when: formatDateTime(deserializeDateTime(event.date)),
            }));
    }

    choose(code) {
        this.state.kind = this.state.kind === code ? "" : code;
    }

    open(event) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: event.model,
            res_id: event.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("account_timeline", {
    component: AccountTimeline,
    displayName: _t("Time line of an account"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
