import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Who decides at an account and which roles nobody has, where it is and whose it is.
 * Value: {centre: [{name, needed, people: [{id, name, stance}]}] or false,
 *         group, firms, sites: [{id, name, place}]}.
 */
export class AccountIdentity extends Component {
    static template = "crm_analytics.AccountIdentity";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get value() {
        return this.props.record.data[this.props.name] || {};
    }

    get roles() {
        return (this.value.centre || []).filter((role) => role.people.length);
    }

    get missing() {
        return (this.value.centre || []).filter((role) => !role.people.length);
    }

    /** What there is of the family, each with its label. */
    get family() {
        const { group, firms, sites } = this.value;
        const alone = firms?.length ? "" : _t("Belongs to no group");
        return [
            { code: "group", label: _t("Group"), partners: group || [], none: alone },
            { code: "firms", label: _t("Subsidiaries"), partners: firms || [], none: "" },
            { code: "sites", label: _t("Sites"), partners: sites || [], none: _t("No other site is known") },
        ].filter((item) => item.partners.length || item.none);
    }

    place(partner) {
        return partner.place && partner.place !== partner.name ? `, ${partner.place}` : "";
    }

    openPartner(partner) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: partner.id,
            views: [[false, "form"]],
        });
    }

    async openCentre() {
        const { record } = this.props;
        const action = await this.orm.call(record.resModel, "action_open_buying_centre", [
            [record.resId],
        ]);
        return this.action.doAction(action);
    }
}

registry.category("fields").add("account_identity", {
    component: AccountIdentity,
    displayName: _t("Buying centre, sites and group of an account"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
