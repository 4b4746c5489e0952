import { Component, onWillStart } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatMonetary, formatPercentage } from "@web/views/fields/formatters";

import { InsightBridge } from "../bucket/bridge";
import { InsightPeriods } from "../bucket/periods";
import { InsightChart } from "./chart";
import { InsightMatrix } from "./matrix";

/** Opens a list of records of the app. */
export function openList(action, name, model, domain) {
    return action.doAction({
        type: "ir.actions.act_window",
        name,
        res_model: model,
        domain,
        views: [
            [false, "list"],
            [false, "form"],
        ],
    });
}

/** Downloads what a screen shows as an Excel workbook. */
export function download(action, query = "") {
    return action.doAction({
        type: "ir.actions.act_url",
        url: `/crm_analytics/curves.xlsx${query}`,
        target: "download",
    });
}

export class Curves extends Component {
    static template = "crm_analytics.Curves";
    static components = { InsightBridge, InsightChart, InsightMatrix, InsightPeriods, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.labels = {
            whale: _t("Whale curve"),
            whaleHelp: _t(
                "Contribution added up from the best customer to the worst. Where the curve falls, customers cost more than they bring."
            ),
            customers: _t("Customers by rank"),
            contribution: _t("Contribution"),
            cumulative: _t("Cumulative"),
            grid: _t("Recency and frequency"),
            gridHelp: _t("Customers by score, and their revenue; the darker the cell, the more."),
            gridCorner: _t("R \\ F"),
            moves: _t("Moves between classes"),
            movesHelp: _t("Steps of the last 12 months, from the row to the column."),
            movesCorner: _t("From \\ To"),
            cohorts: _t("Cohorts"),
            cohortsHelp: _t(
                "Share of the customers won in a quarter that bought in each quarter after it."
            ),
            cohortsCorner: _t("First purchase"),
            bucket: _t("Leaking bucket"),
        };
        this.money = (value) =>
            formatMonetary(value, { currencyId: this.data.currency_id, digits: [16, 0] });
        onWillStart(async () => {
            this.data = await this.orm.call("crm.insight", "get_curves", []);
            this.prepare();
        });
    }

    prepare() {
        const { data } = this;
        this.whale = data.whale.map((point) => ({
            ...point,
            label: `${Math.round(100 * point.share)} %`,
            value: point.total,
            text: `${point.name}: ${this.money(point.amount)} (${this.money(point.total)})`,
        }));
        this.grid = this.prepareGrid(data.grid);
        this.moveColumns = data.moves.classes.map((item) => item.name);
        this.moves = this.prepareMoves(data.moves);
        this.prepareCohorts(data.cohorts);
        this.bucketHelp = _t("12 months up to %s against the 12 before.", data.bucket.month.slice(0, 7));
    }

    prepareGrid(rows) {
        const most = Math.max(...rows.map((row) => row.monetary), 1);
        return [5, 4, 3, 2, 1].map((r) => ({
            label: _t("Recency %s", r),
            cells: [1, 2, 3, 4, 5].map((f) => {
                const found = rows.find((row) => row.r === r && row.f === f);
                return {
                    text: found ? `${found.count}` : "",
                    note: found ? this.money(found.monetary) : "",
                    weight: found ? Math.max(found.monetary, 0) / most : 0,
                    name: _t("Recency %(r)s, frequency %(f)s", { r, f }),
                    title: found
                        ? _t("Recency %(r)s, frequency %(f)s: %(count)s customers, %(money)s", {
                              r,
                              f,
                              count: found.count,
                              money: this.money(found.monetary),
                          })
                        : "",
                    domain: [
                        ["r_score", "=", r],
                        ["f_score", "=", f],
                    ],
                };
            }),
        }));
    }

    prepareMoves({ classes, cells, since }) {
        const most = Math.max(...cells.map((cell) => cell.count), 1);
        const froms = [...classes, { code: false, name: _t("Not classified") }];
        return froms.map((from) => ({
            label: from.name,
            cells: classes.map((to) => {
                const found = cells.find(
                    (cell) => (cell.from || false) === from.code && cell.to === to.code
                );
                return {
                    text: found ? `${found.count}` : "",
                    weight: found ? found.count / most : 0,
                    title: found
                        ? _t("From %(from)s to %(to)s: %(count)s customers, %(money)s", {
                              from: from.name,
                              to: to.name,
                              count: found.count,
                              money: this.money(found.monetary),
                          })
                        : "",
                    domain: [
                        ["class_from", "=", from.code],
                        ["class_to", "=", to.code],
                        ["date", ">", since],
                    ],
                };
            }),
        }));
    }

    prepareCohorts(cohorts) {
        const columns = Math.max(...cohorts.map((row) => row.cells.length), 0);
        this.cohortColumns = Array.from({ length: columns }, (_value, age) => `+${age}`);
        this.cohorts = cohorts.map((row) => ({
            label: `${row.name} (${row.size})`,
            cells: this.cohortColumns.map((_label, age) => {
                const cell = row.cells[age];
                return {
                    text: cell ? formatPercentage(cell.share, { digits: [16, 0] }) : "",
                    weight: cell ? cell.share || 0 : 0,
                    title: cell
                        ? _t("%(cohort)s, %(age)s quarters later: %(count)s customers, %(money)s", {
                              cohort: row.name,
                              age,
                              count: cell.count,
                              money: this.money(cell.revenue),
                          })
                        : "",
                    domain: [
                        ["cohort", "=", row.cohort],
                        ["age", "=", age],
                    ],
                };
            }),
        }));
    }

    /** A list of what the company of the screen has. */
    open(name, model, domain) {
        const here = ["company_id", "=", this.data.company_id];
        return openList(this.action, name, model, [here, ...domain]);
    }

    openValues(domain, name) {
        return this.open(name, "crm.customer.value", domain);
    }

    openStep(bridge, step) {
        return openList(this.action, step.name, bridge.model, step.domain);
    }

    openPeriod(cell) {
        return openList(this.action, cell.title, cell.model, cell.domain);
    }

    download() {
        return download(this.action);
    }

    refresh() {
        return this.action.doAction("crm_analytics.crm_customer_value_action_refresh");
    }

    /** The customers of a point: which they are is asked when somebody wants to know. */
    async openRanked(point) {
        const domain = await this.orm.call("crm.insight", "get_ranked_domain", [
            point.first,
            point.rank,
        ]);
        return this.openValues(domain, point.name);
    }

    openMoves(cell) {
        return this.open(this.labels.moves, "crm.customer.move", cell.domain);
    }

    openCohort(cell) {
        return this.open(this.labels.cohorts, "crm.customer.cohort", cell.domain);
    }
}

registry.category("actions").add("crm_analytics.curves", Curves);
