import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";

import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, hexToRGBA } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";

/**
 * A chart that is also a table: the same points, for eyes, keyboard and screen reader.
 * Points: [{label, value, text}]; a click on a point, or on its row, selects it.
 */
export class InsightChart extends Component {
    static template = "crm_analytics.InsightChart";
    static props = {
        title: String,
        type: { type: String, optional: true },
        points: Array,
        head: Array, // labels of the label and value columns
        format: Function,
        onSelect: { type: Function, optional: true },
        help: { type: String, optional: true },
    };
    static defaultProps = { type: "line" };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ table: false });
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.draw();
                return () => this.destroy();
            },
            () => [this.props.points, this.state.table]
        );
        onWillUnmount(() => this.destroy());
    }

    destroy() {
        this.chart?.destroy();
        this.chart = null;
    }

    get summary() {
        const { points, format } = this.props;
        if (!points.length) {
            return this.props.title;
        }
        const last = points[points.length - 1];
        return _t("%(title)s: %(count)s points, the last is %(label)s with %(value)s", {
            title: this.props.title,
            count: points.length,
            label: last.label,
            value: format(last.value),
        });
    }

    toggle() {
        this.state.table = !this.state.table;
    }

    select(index) {
        this.props.onSelect?.(this.props.points[index], index);
    }

    draw() {
        if (!this.canvas.el || !this.props.points.length) {
            return;
        }
        const { points, format, type } = this.props;
        const scheme = cookie.get("color_scheme");
        const color = getColor(0, scheme, "sm");
        // eslint-disable-next-line no-undef
        this.chart = new Chart(this.canvas.el, {
            type,
            data: {
                labels: points.map((point) => point.label),
                datasets: [
                    {
                        label: this.props.title,
                        data: points.map((point) => point.value),
                        borderColor: color,
                        backgroundColor: hexToRGBA(color, type === "bar" ? 0.7 : 0.15),
                        fill: type !== "bar",
                        pointRadius: points.length > 60 ? 0 : 3,
                        pointHitRadius: 12,
                        tension: 0.15,
                    },
                ],
            },
            options: {
                responsive: true,
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "nearest", axis: "x", intersect: false },
                onClick: (_event, elements) =>
                    elements.length && this.select(elements[0].index),
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        callbacks: {
                            label: (item) =>
                                points[item.dataIndex].text || format(item.parsed.y),
                        },
                    },
                },
                scales: {
                    x: { ticks: { maxTicksLimit: 10, maxRotation: 0 } },
                    y: { ticks: { callback: (value) => format(value) } },
                },
            },
        });
    }
}
