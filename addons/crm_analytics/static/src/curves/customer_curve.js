import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { InsightChart } from "./chart";
import { download, openList } from "./curves";

/** What the chart of a customer needs, of the answer of get_gcv. */
function prepare(data) {
    const money = (value) =>
        formatMonetary(value, { currencyId: data.currency_id, digits: [16, 0] });
    return {
        data,
        money,
        title: _t("Customer value of %s", data.name),
        points: data.points.map((point) => ({
            ...point,
            label: point.month.slice(0, 7),
            name: [point.month.slice(0, 7), point.stage].filter(Boolean).join(" · "),
            value: point.total,
            text: [`${money(point.amount)} (${money(point.total)})`, point.stage]
                .filter(Boolean)
                .join(" · "),
        })),
        marks: data.stages.map(({ name, since }) => ({
            index: data.points.findIndex((point) => point.month === since),
            label: name,
        })),
        // the months t1, t2 and t3 of the curve
        dates: (data.dates || []).map(({ code, name, month }) =>
            _t("%(code)s %(month)s: %(what)s", { code, month: month.slice(0, 7), what: name })
        ),
        stages: data.stages.map(({ name, since }) =>
            _t("%(stage)s from %(month)s", { stage: name, month: since.slice(0, 7) })
        ),
    };
}

/** The cumulative contribution of a customer, month by month, with its stages. */
class CustomerCurveChart extends Component {
    static template = "crm_analytics.CustomerCurveChart";
    static components = { InsightChart };
    static props = { curve: Object };

    setup() {
        this.action = useService("action");
        this.head = [_t("Month"), _t("Contribution"), _t("Cumulative")];
        this.help = _t(
            "Contribution added up month by month: steep in growth, flat in transfer, falling in termination."
        );
    }

    open(point) {
        const { data, title } = this.props.curve;
        return openList(this.action, title, "crm.customer.month", [
            ["company_id", "=", data.company_id],
            ["partner_id", "=", data.partner_id],
            ["month", "=", point.month],
        ]);
    }
}

/** The curve as a screen of its own (context: active_id of the partner). */
export class CustomerCurve extends Component {
    static template = "crm_analytics.CustomerCurve";
    static components = { CustomerCurveChart, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        onWillStart(async () => {
            const { params, context } = this.props.action;
            this.partnerId = params?.partner_id || context?.active_id;
            const data = await this.orm.call("crm.insight", "get_gcv", [this.partnerId]);
            this.curve = prepare(data);
        });
    }

    download() {
        return download(this.action, `?partner_id=${this.partnerId}`);
    }
}

/** The curve within the account: it is read when its tab is opened. */
export class CustomerCurveTab extends Component {
    static template = "crm_analytics.CustomerCurveTab";
    static components = { CustomerCurveChart };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ curve: null });
        onWillStart(() => {
            this.load(this.props.record.resId);
        });
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.partnerId) {
                this.load(record.resId);
            }
        });
    }

    /** Not waited for: the tab is there while the curve is read. */
    async load(partnerId) {
        this.partnerId = partnerId;
        this.state.curve = null;
        const data = partnerId && (await this.orm.call("crm.insight", "get_gcv", [partnerId]));
        if (data && partnerId === this.partnerId) {
            this.state.curve = prepare(data);
        }
    }
}

registry.category("actions").add("crm_analytics.customer_curve", CustomerCurve);
registry.category("view_widgets").add("customer_curve", { component: CustomerCurveTab });
