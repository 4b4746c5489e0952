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
        compare: { type: Boolean, optional: true }, // draw the amounts beside the values
        marks: { type: Array, optional: true }, // [{index, label}]: what begins at a point
    };
    static defaultProps = { type: "line", compare: false, marks: [] };

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
        const { points, format, type, compare } = this.props;
        const scheme = cookie.get("color_scheme");
        const color = getColor(0, scheme, "sm");
        // eslint-disable-next-line no-undef
        this.chart = new Chart(this.canvas.el, {
            type,
            data: {
                labels: points.map((point) => point.label),
                datasets: [
                    ...this.getCompared(scheme),
                    {
                        label: compare ? this.props.head[2] : this.props.title,
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
            plugins: [{ id: "marks", afterDatasetsDraw: (chart) => this.drawMarks(chart) }],
            options: {
                responsive: true,
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "nearest", axis: "x", intersect: false },
                onClick: (_event, elements) =>
                    elements.length && this.select(elements[0].index),
                plugins: {
                    legend: { display: compare },
                    tooltip: {
                        callbacks: {
                            label: (item) =>
                                compare
                                    ? `${item.dataset.label}: ${format(item.parsed.y)}`
                                    : points[item.dataIndex].text || format(item.parsed.y),
                        },
                    },
                },
                scales: {
                    x: { ticks: { maxTicksLimit: 10, maxRotation: 0, autoSkipPadding: 12 } },
                    y: { ticks: { callback: (value) => format(value) } },
                },
            },
        });
    }

    /** The amounts as bars of their own, with a border so that shade is not all. */
    getCompared(scheme) {
        const { points, head, compare } = this.props;
        if (!compare) {
            return [];
        }
        const color = getColor(1, scheme, "sm");
        return [
            {
                label: head[1],
                data: points.map((point) => point.amount),
                borderColor: color,
                borderWidth: 2,
                backgroundColor: hexToRGBA(color, 0.2),
            },
        ];
    }

    /** A line and a word where something begins. */
    drawMarks(chart) {
        const { ctx, chartArea, scales } = chart;
        ctx.save();
        ctx.font = "12px sans-serif";
        ctx.fillStyle = ctx.strokeStyle = "#6c757d";
        ctx.setLineDash([4, 4]);
        this.props.marks.forEach(({ index, label }, number) => {
            const x = scales.x.getPixelForValue(index);
            ctx.beginPath();
            ctx.moveTo(x, chartArea.top);
            ctx.lineTo(x, chartArea.bottom);
            ctx.stroke();
            ctx.fillText(label, x + 4, chartArea.top + 12 + 14 * (number % 3));
        });
        ctx.restore();
    }
}
