import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { formatPercentage } from "@web/views/fields/formatters";

import { InsightMatrix } from "../curves/matrix";

const SHARES = ["gross", "net"];

/** Customers and retention by quarter or by month; every figure opens what it counts. */
export class InsightPeriods extends Component {
    static template = "crm_analytics.InsightPeriods";
    static components = { InsightMatrix };
    static props = { periods: Object, onSelect: Function };

    setup() {
        this.state = useState({ size: "quarter" });
        this.title = _t("Customers gained and lost");
        this.help = _t(
            "Opening, gained, regained and lost make the closing. Retention is that of the revenue of 12 months up to the end of the period."
        );
        this.corner = _t("Customers");
        this.sizes = [
            { code: "quarter", name: _t("Quarters") },
            { code: "month", name: _t("Months") },
        ];
        this.names = {
            opening: _t("Opening"),
            gained: _t("Gained"),
            regained: _t("Regained"),
            lost: _t("Lost"),
            closing: _t("Closing"),
            gross: _t("Gross retention"),
            net: _t("Net retention"),
        };
    }

    get periods() {
        return this.props.periods[this.state.size].map(({ name, ended, cells }) => ({
            name: ended ? name : _t("%s, so far", name),
            cells,
        }));
    }

    get columns() {
        return this.periods.map(({ name }) => name);
    }

    /** A row a figure, a column a period. */
    get rows() {
        return Object.entries(this.names).map(([code, label]) => ({
            label,
            cells: this.periods.map(({ name, cells }) =>
                this.cell(
                    cells.find((cell) => cell.code === code),
                    `${name}, ${label}`
                )
            ),
        }));
    }

    cell({ code, value, model, domain }, name) {
        const share = SHARES.includes(code);
        const text = share ? formatPercentage(value, { digits: [16, 0] }) : `${value}`;
        return {
            text: value === false ? "" : text,
            title: `${name}: ${text}`,
            model,
            domain,
        };
    }
}
