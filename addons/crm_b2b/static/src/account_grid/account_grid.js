import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const STATES = {
    bought: { label: _t("Bought"), icon: "fa-check-circle" },
    open: { label: _t("Open"), icon: "fa-dot-circle-o" },
    quoted: { label: _t("Quoted"), icon: "fa-file-text-o" },
    lost: { label: _t("Lost"), icon: "fa-times-circle" },
    white: { label: _t("White"), icon: "fa-plus" },
};

class AccountTable extends Component {
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get value() {
        return this.props.record.data[this.props.name] || { rows: [], families: [] };
    }

    format(amount) {
        return formatMonetary(amount, {
            currencyId: this.value.currency_id,
            digits: [16, 0],
        });
    }
}

/**
 * Product family by site. A cell says with word, sign and amount what happened there,
 * and opens the documents; a white cell starts an opportunity.
 */
export class AccountWhitespace extends AccountTable {
    static template = "crm_b2b.AccountWhitespace";

    label(cell) {
        return STATES[cell.state].label.toString();
    }

    icon(cell) {
        return STATES[cell.state].icon;
    }

    title(row, cell) {
        const family = this.value.families.find((item) => item.id === cell.family_id);
        return _t("%(family)s at %(site)s: %(state)s", {
            family: family.name,
            site: row.name,
            state: this.label(cell),
        });
    }

    async open(row, cell) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_open_cell", [
            [resId],
            row.id,
            cell.family_id,
            cell.state,
        ]);
        return this.action.doAction(action);
    }
}

/** The companies of a group with their figures of twelve months, and the sum. */
export class AccountRollup extends AccountTable {
    static template = "crm_b2b.AccountRollup";

    openPartner(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("account_whitespace", {
    component: AccountWhitespace,
    displayName: _t("Whitespace"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
registry.category("fields").add("account_rollup", {
    component: AccountRollup,
    displayName: _t("Group figures"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
