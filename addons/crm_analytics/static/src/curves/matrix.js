import { Component } from "@odoo/owl";

/**
 * A table of numbers shaded by their size; each cell that holds something is a button.
 * Rows: [{label, cells: [{key, text, weight, title}]}], weight from 0 to 1.
 */
export class InsightMatrix extends Component {
    static template = "crm_analytics.InsightMatrix";
    static props = {
        title: String,
        corner: { type: String, optional: true },
        columns: Array,
        rows: Array,
        onSelect: Function,
        help: { type: String, optional: true },
        slots: { type: Object, optional: true }, // what stands above the table
    };

    style(cell) {
        const share = Math.round(100 * (cell.weight || 0) * 0.6);
        return `background-color: color-mix(in srgb, var(--o-brand-odoo, #714b67) ${share}%, transparent);`;
    }
}
