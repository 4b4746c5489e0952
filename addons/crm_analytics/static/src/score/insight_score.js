import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";
import { formatPercentage } from "@web/views/fields/formatters";

const formatters = registry.category("formatters");
const VALUE = "crm.customer.value";

/** Rule and numbers of a score, its day and policy, and the way to its entries. */
export class InsightScoreWords extends Component {
    static template = "crm_analytics.InsightScoreWords";
    static props = {
        close: Function,
        value: String,
        told: Object,
        openEntries: Function,
        openValue: Function,
    };

    get origin() {
        const { as_of: day, policy } = this.props.told;
        return _t("As of %(day)s, judged by %(policy)s", { day, policy });
    }

    get entriesLabel() {
        const { entries: count, kind } = this.props.told;
        if (kind === "months") {
            return _t("Open the %s months", count);
        }
        return kind === "items"
            ? _t("Open the %s journal items", count)
            : _t("Open the %s documents", count);
    }
}

/**
 * A score that says how it came about.
 *
 * Options: ``score``, the name of the score when the field has another; ``value``, the
 * field with the customer's value when the record is not one; ``badge``.
 */
export class InsightScore extends BadgeField {
    static template = "crm_analytics.InsightScore";
    static props = {
        ...BadgeField.props,
        score: { type: String, optional: true },
        value: { type: String, optional: true },
        badge: { type: Boolean, optional: true },
        label: { type: String, optional: true },
        digits: { type: Array, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ open: false });
        this.popover = usePopover(InsightScoreWords, {
            popoverClass: "o_insight_score_words",
            onClose: () => (this.state.open = false),
        });
        this.hint = _t("How this came about");
    }

    get data() {
        return this.props.record.data[this.props.name];
    }

    get field() {
        return this.props.record.fields[this.props.name];
    }

    get valueId() {
        return this.props.value ? this.props.record.data[this.props.value]?.id : this.props.record.resId;
    }

    get score() {
        return this.props.score || this.props.name;
    }

    get isEmpty() {
        return this.data === false || this.data === undefined || this.data === null;
    }

    get formatter() {
        return formatters.get(this.field.type);
    }

    get formattedValue() {
        const options = { selection: this.field.selection, field: this.field, data: this.props.record.data };
        if (this.props.digits) {
            options.digits = this.props.digits;
        }
        return this.formatter(this.data, options);
    }

    /** What a screen reader says: "555" alone tells nobody what it is. */
    get ariaLabel() {
        return _t("%(score)s %(value)s, how this came about", {
            score: this.props.label || this.field.string,
            value: this.formattedValue,
        });
    }

    async open(event) {
        const target = event.currentTarget;
        const told = await this.orm.call(VALUE, "get_score", [[this.valueId], this.score]);
        this.popover.open(target, {
            told,
            value: `${this.formattedValue}`,
            openEntries: () => this.openEntries(),
            openValue: () => this.openValue(),
        });
        this.state.open = true;
    }

    async openEntries() {
        this.popover.close();
        this.action.doAction(
            await this.orm.call(VALUE, "action_open_entries", [[this.valueId], this.score])
        );
    }

    openValue() {
        this.popover.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: VALUE,
            res_id: this.valueId,
            views: [[false, "form"]],
        });
    }
}

export const insightScore = {
    ...badgeField,
    component: InsightScore,
    displayName: _t("Score with its reason"),
    supportedTypes: ["selection", "char", "integer", "float", "monetary"],
    extractProps: ({ attrs, decorations, options, string }) => ({
        decorations,
        label: string,
        score: options.score,
        value: options.value,
        badge: Boolean(options.badge),
        digits: attrs.digits ? JSON.parse(attrs.digits) : undefined,
    }),
};

/** A share: 0.25 is 25 %, also where a list sums up. */
export class InsightShare extends InsightScore {
    get formatter() {
        return formatPercentage;
    }
}

registry.category("fields").add("insight_score", insightScore);
registry.category("fields").add("insight_share", {
    ...insightScore,
    component: InsightShare,
    displayName: _t("Share with its reason"),
    supportedTypes: ["float"],
});
formatters.add("insight_share", formatPercentage);
