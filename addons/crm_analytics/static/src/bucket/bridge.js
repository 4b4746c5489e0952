import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

/**
 * The leaking bucket as a bridge: from what was there a year before, step by step, to
 * what is there now. A table whose last column draws the steps where they begin.
 */
export class InsightBridge extends Component {
    static template = "crm_analytics.InsightBridge";
    static props = {
        bridges: Array, // [{code, name, before, now, steps: [{code, name, count, change}]}]
        money: Function,
        onSelect: Function,
    };

    setup() {
        this.state = useState({ code: this.props.bridges[0].code });
    }

    get bridge() {
        return this.props.bridges.find(({ code }) => code === this.state.code);
    }

    format(value) {
        return this.state.code === "customers" ? `${value}` : this.props.money(value);
    }

    /** A change with its sign: falling and rising differ by more than their colour. */
    change({ change }) {
        return `${change > 0 ? "+" : ""}${this.format(change)}`;
    }

    /** The rows of the table, each with the piece of the scale that it covers. */
    get rows() {
        const { before, now, steps } = this.bridge;
        let level = before;
        const rows = [this.total("before", _t("Before"), before)];
        for (const step of steps) {
            rows.push({ code: step.code, step, from: level, to: level + step.change });
            level += step.change;
        }
        rows.push(this.total("now", _t("Now"), now));
        const low = Math.min(0, ...rows.map(({ from, to }) => Math.min(from, to)));
        const high = Math.max(0, ...rows.map(({ from, to }) => Math.max(from, to)));
        return rows.map((row) => ({ ...row, ...this.draw(row, low, high - low || 1) }));
    }

    total(code, name, value) {
        return { code, name, text: this.format(value), from: 0, to: value };
    }

    draw({ step, from, to }, low, size) {
        const left = (100 * (Math.min(from, to) - low)) / size;
        const width = (100 * Math.abs(to - from)) / size;
        const colour = step ? (step.change < 0 ? "bg-danger" : "bg-success") : "bg-secondary";
        return {
            style: `margin-left: ${left}%; width: ${width}%;`,
            class: width ? colour : "invisible",
        };
    }
}
