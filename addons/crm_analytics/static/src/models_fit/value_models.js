import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat, formatInteger, formatPercentage } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { InsightChart } from "../curves/chart";

const RULES = {
    model: _t("BG/NBD and Gamma-Gamma"),
    bgnbd_gamma_gamma: _t("BG/NBD and Gamma-Gamma"),
    half_year_repeats: _t("The last half year repeats"),
};

/**
 * The models of a run and how they did: parameters, hold-out, calibration.
 * Value: the report of the run, with refusals in words.
 */
export class ValueModels extends Component {
    static template = "crm_analytics.ValueModels";
    static components = { InsightChart };
    static props = { ...standardFieldProps };

    setup() {
        this.labels = {
            holdout: _t("Hold-out: purchases by frequency"),
            holdoutHelp: _t(
                "What was expected half a year ago, from what was known then, and what came: mean purchases of a customer, by repeat purchases before."
            ),
            holdoutHead: [_t("Repeat purchases (customers)"), _t("Expected"), _t("Came")],
            calibrationHelp: _t(
                "Customers in ten groups by the risk that was told: the mean risk, and the share that really left."
            ),
            calibrationHead: [_t("Group (customers)"), _t("Risk told"), _t("Really lost")],
        };
        this.number = (value) => formatFloat(value, { digits: [16, 2] });
        this.percent = (value) => formatPercentage(value, { digits: [16, 1] });
    }

    get fit() {
        return this.props.record.data[this.props.name] || {};
    }

    get rule() {
        return (RULES[this.fit.rule] || "").toString();
    }

    /** Parameters of the two models, as the papers name them. */
    get parameters() {
        const { bgnbd, gamma_gamma: spend } = this.fit;
        const rows = [];
        const converged = (model) => (model.converged ? _t("converged") : _t("not converged"));
        const take = (model, names) =>
            names.map((name) => ({ name, value: formatFloat(model[name], { digits: [16, 4] }) }));
        if (bgnbd) {
            rows.push({
                model: "BG/NBD",
                values: take(bgnbd, ["r", "alpha", "a", "b"]),
                note: _t("%(repeaters)s of %(customers)s customers bought again; log-likelihood %(likelihood)s; %(converged)s", {
                    repeaters: formatInteger(bgnbd.repeaters),
                    customers: formatInteger(bgnbd.customers),
                    likelihood: formatFloat(bgnbd.log_likelihood, { digits: [16, 2] }),
                    converged: converged(bgnbd),
                }),
            });
        }
        if (spend) {
            rows.push({
                model: "Gamma-Gamma",
                values: take(spend, ["p", "q", "v"]),
                note:
                    spend.converged === undefined
                        ? ""
                        : _t("%(customers)s customers with a mean value; log-likelihood %(likelihood)s; %(converged)s", {
                              customers: formatInteger(spend.customers),
                              likelihood: formatFloat(spend.log_likelihood, { digits: [16, 2] }),
                              converged: converged(spend),
                          }),
            });
        }
        return rows;
    }

    get scores() {
        const lifetime = this.fit.lifetime || {};
        return (lifetime.scores || []).map((score) => ({
            name: (RULES[score.name] || score.name).toString(),
            better: score.name === lifetime.better,
            captured: score.captured === null ? "" : this.percent(score.captured),
            mae: this.number(score.mae),
            bias: score.bias === null ? "" : this.percent(score.bias),
        }));
    }

    get bins() {
        const bins = this.fit.lifetime?.bins || [];
        return bins.map((bin, index) => {
            const frequency = index === bins.length - 1 ? `${bin.frequency}+` : `${bin.frequency}`;
            return {
                label: `${frequency} (${bin.customers})`,
                amount: bin.predicted,
                value: bin.actual,
            };
        });
    }

    /** Both sets of weights, as far as they were judged. */
    get churn() {
        const { churn = {} } = this.fit;
        const rows = [];
        for (const [code, name] of [
            ["default", _t("Published weights")],
            ["new", _t("Weights of this company")],
        ]) {
            if (churn[code]) {
                rows.push({
                    code,
                    name: name.toString(),
                    used: (code === "new") === Boolean(churn.fitted),
                    auc: formatFloat(churn[code].auc, { digits: [16, 3] }),
                    brier: formatFloat(churn[code].brier, { digits: [16, 4] }),
                    base: this.percent(churn[code].base_rate),
                    flagged: this.flagged(churn[code]),
                    precision: this.share(churn[code].precision),
                    recall: this.share(churn[code].recall),
                    title: _t("Calibration: %s", name.toString()),
                    points: churn[code].calibration.map(([count, told, lost], index) => ({
                        label: `${index + 1} (${count})`,
                        amount: told,
                        value: lost,
                    })),
                });
            }
        }
        return rows;
    }

    /** A share that there may be none of: runs of before did not count it. */
    share(value) {
        return value === undefined || value === null ? "–" : this.percent(value);
    }

    flagged({ flagged, limit }) {
        return flagged === undefined
            ? "–"
            : _t("%(count)s from %(limit)s", {
                  count: formatInteger(flagged),
                  limit: formatPercentage(limit, { digits: [16, 0] }),
              });
    }

    get lifetimeWords() {
        return _t("Half a year ago, judged by what came since: %s customers", this.fit.lifetime.customers);
    }

    get churnWords() {
        const { churn } = this.fit;
        return _t(
            "Who did not buy within half a year, told before: %(customers)s customers, %(lost)s lost",
            {
                customers: churn.judged || churn.customers,
                lost: churn.judged ? churn.judged_lost : churn.lost,
            }
        );
    }

    get rulesWords() {
        const { rules, baskets } = this.fit.rules;
        return _t("%(rules)s rules from %(baskets)s baskets.", { rules: rules || 0, baskets });
    }

    get contractWords() {
        const { running, ended, levels } = this.fit.contracts;
        return _t(
            "%(running)s running, %(ended)s ended; survival by Kaplan-Meier for %(levels)s levels.",
            { running: running || 0, ended: ended || 0, levels: levels || 0 }
        );
    }

    get weights() {
        const names = [
            _t("constant"),
            _t("overdue"),
            _t("trend"),
            _t("season"),
            _t("inactive"),
            _t("silent"),
        ];
        return (this.fit.churn?.weights || []).map((weight, index) => ({
            name: names[index].toString(),
            value: formatFloat(weight, { digits: [16, 3] }),
        }));
    }
}

registry.category("fields").add("value_models", {
    component: ValueModels,
    displayName: _t("Models and how they did"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
