import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { rpcBus } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const PAUSE = 700; // milliseconds between two looks

/**
 * A refresh at work: each step is a request of its own, so that what is done is kept;
 * meanwhile the progress within the step is asked for. Whoever comes while another one
 * refreshes sees that one's progress, and goes on with it if it dies.
 */
export class ValueRun extends Component {
    static template = "crm_analytics.ValueRun";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ run: null, waiting: false, cancelling: false, failed: "" });
        this.alive = true;
        onMounted(() => this.start());
        onWillUnmount(() => {
            this.alive = false;
        });
    }

    get run() {
        return this.state.run;
    }

    get over() {
        return Boolean(this.run?.state) && this.run.state !== "running";
    }

    /** What a screen reader hears, and eyes read above the bar. */
    get sentence() {
        if (this.state.failed) {
            return this.state.failed;
        }
        if (!this.run || !this.run.id) {
            return this.state.waiting
                ? _t("Somebody else refreshes the values just now.")
                : _t("The refresh begins.");
        }
        if (this.run.state === "cancelled") {
            return _t("The run was cancelled. The next one does what is left.");
        }
        if (this.run.state === "failed") {
            return this.run.failure;
        }
        if (this.run.state === "warning") {
            return _t("Done, but the proof failed: %s documents differ from the ledger.", this.run.guilty);
        }
        if (this.run.state === "done") {
            return _t("%(count)s customers valued, %(changed)s changed class.", {
                count: this.run.customers,
                changed: this.run.changed,
            });
        }
        const step = this.run.steps.find((item) => !item.done);
        return step
            ? _t("%(name)s: %(percent)s %", { name: step.name, percent: step.percent })
            : _t("Nearly done.");
    }

    async start() {
        const kind = this.props.action.params?.kind || "incremental";
        try {
            await this.see("start_in_steps", [kind]);
            while (this.alive && !this.over && !this.state.failed) {
                await this.advance(kind);
            }
        } catch (error) {
            this.state.failed = error.data?.message || error.message || _t("The refresh failed.");
        }
        if (this.over) {
            // actions keep the words of their empty lists: they may have others now
            rpcBus.trigger("CLEAR-CACHES", "/web/action/load");
        }
        if (this.alive && this.over && this.run.state !== "cancelled") {
            this.notification.add(this.sentence, {
                type: { done: "success", failed: "danger" }[this.run.state] || "warning",
            });
        }
    }

    /** Do a step while looking at it, or look at who does it. */
    async advance(kind) {
        if (!this.run?.id) {
            this.state.waiting = true;
            await this.pause();
            return this.see("start_in_steps", [kind]);
        }
        if (this.run.busy || this.state.cancelling) {
            await this.pause();
            return this.see("get_progress", [[this.run.id]]);
        }
        let working = true;
        const look = async () => {
            const seen = await this.call("get_progress", [[this.run.id]]);
            if (working && this.alive) {
                this.state.run = seen;
            }
        };
        const watch = setInterval(() => look().catch(() => {}), PAUSE);
        try {
            const progress = await this.call("do_next_step", [[this.run.id], kind]);
            working = false;
            const { id } = this.run;
            const before = this.run.steps.filter((item) => item.done).length;
            this.state.run = progress;
            if (progress.id === id && progress.steps.filter((item) => item.done).length === before) {
                await this.pause(); // somebody else holds the values
            }
        } finally {
            working = false;
            clearInterval(watch);
        }
    }

    call(method, args) {
        return this.orm.silent.call("crm.value.run", method, args);
    }

    async see(method, args) {
        this.state.run = await this.call(method, args);
    }

    pause() {
        return new Promise((resolve) => setTimeout(resolve, PAUSE));
    }

    async cancel() {
        this.state.cancelling = true;
        try {
            await this.orm.call("crm.value.run", "action_cancel", [[this.run.id]]);
            await this.see("get_progress", [[this.run.id]]);
        } finally {
            this.state.cancelling = false;
        }
    }

    openRun() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.value.run",
            res_id: this.run.id,
            views: [[false, "form"]],
        });
    }

    openValues() {
        return this.action.doAction("crm_analytics.crm_customer_value_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("actions").add("crm_analytics.value_run", ValueRun);
