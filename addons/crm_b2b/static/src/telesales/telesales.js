import { Component, onMounted, onPatched, onWillStart, useRef, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { useDebounced } from "@web/core/utils/timing";
import { Layout } from "@web/search/layout";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * Order by telephone without the mouse: the cursor stands on the product that is due,
 * digits are its quantity, space takes the last one, enter goes to the next product,
 * ctrl+enter makes the quotation, ctrl+shift+enter confirms it.
 */
export class Telesales extends Component {
    static template = "crm_b2b.Telesales";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.last = new KeepLast();
        this.lastSearch = new KeepLast();
        this.display = { controlPanel: {} };
        this.partnerId = this.props.action.context.active_id;
        this.state = useState({
            sheet: null,
            lines: [],
            advice: [],
            found: [],
            search: "",
            reference: "",
            saving: false,
        });
        this.refresh = useDebounced(() => this.update(), 250);
        this.find = useDebounced(() => this.searchProducts(), 200);
        onWillStart(async () => {
            const sheet = await this.call("get_sheet");
            Object.assign(this.state, {
                sheet,
                lines: sheet.lines.map((line) => this.newLine(line)),
                advice: sheet.advice,
            });
        });
        this.rowToFocus = null;
        onMounted(() => this.focusRow(0));
        onPatched(() => {
            if (this.rowToFocus !== null) {
                this.focusRow(this.rowToFocus);
                this.rowToFocus = null;
            }
        });
    }

    call(method, ...args) {
        return this.orm.call("crm.telesales", method, [this.partnerId, ...args]);
    }

    newLine(line) {
        return { ...line, text: "", quantity: 0, invalid: false };
    }

    // -- figures

    get ordered() {
        return this.state.lines.filter((line) => line.quantity > 0);
    }

    get total() {
        return this.ordered.reduce((sum, line) => sum + line.quantity * line.price, 0);
    }

    get invalid() {
        return this.state.lines.some((line) => line.invalid);
    }

    money(amount, currencyId = this.state.sheet.currency_id) {
        return formatMonetary(amount, { currencyId });
    }

    number(value) {
        return formatFloat(value, { trailingZeros: false });
    }

    day(text) {
        return formatDate(deserializeDate(text));
    }

    countProducts(count) {
        return count === 1 ? _t("1 product") : _t("%s products", count);
    }

    rhythm(line) {
        return {
            due: _t("due"),
            soon: _t("due soon"),
            later: _t("not yet due"),
            once: _t("bought once"),
            new: _t("new"),
        }[line.state];
    }

    // -- quantities

    setText(line, text) {
        line.text = text;
        let quantity = 0;
        try {
            quantity = text.trim() ? parseFloat(text) : 0;
            line.invalid = quantity < 0;
        } catch {
            line.invalid = true;
        }
        line.quantity = line.invalid ? 0 : quantity;
        this.refresh();
    }

    setQuantity(line, quantity) {
        this.setText(line, this.number(quantity));
    }

    async update() {
        const wanted = this.ordered.map((line) => [line.product_id, line.quantity]);
        if (!wanted.length) {
            return;
        }
        const { prices, advice } = await this.last.add(this.call("get_update", wanted));
        const byId = new Map(prices.map(([id, ...price]) => [id, price]));
        for (const line of this.state.lines) {
            [line.price, line.frame] = byId.get(line.product_id) ?? [
                line.price,
                line.frame,
            ];
        }
        this.state.advice = advice;
    }

    // -- keys

    focusRow(index) {
        const inputs = this.root.el.querySelectorAll(".o_telesales_quantity");
        const input = inputs[Math.max(0, Math.min(index, inputs.length - 1))];
        input?.focus();
        input?.select();
    }

    onQuantityKey(ev, line, index) {
        if (ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        const moves = { Enter: 1, ArrowDown: 1, ArrowUp: -1 };
        if (ev.key in moves) {
            ev.preventDefault();
            this.focusRow(index + moves[ev.key]);
        } else if (ev.key === " ") {
            ev.preventDefault();
            if (line.last_quantity) {
                this.setQuantity(line, line.last_quantity);
            }
        } else if (ev.key === "/") {
            ev.preventDefault();
            this.root.el.querySelector(".o_telesales_search").focus();
        }
    }

    onKey(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.save(ev.shiftKey);
        }
    }

    // -- more products

    onSearch(ev) {
        this.state.search = ev.target.value;
        this.find();
    }

    async searchProducts() {
        const text = this.state.search.trim();
        const found = text
            ? await this.lastSearch.add(this.call("search_products", text))
            : [];
        // an answer that comes after a product was taken must not open the list again
        if (this.state.search.trim() === text) {
            this.state.found = found;
        }
    }

    async onSearchKey(ev) {
        if (ev.key === "Enter" && !ev.ctrlKey && !ev.metaKey) {
            ev.preventDefault();
            this.find.cancel();
            await this.searchProducts();
            if (this.state.found.length) {
                this.addLine(this.state.found[0]);
            }
        } else if (ev.key === "Escape") {
            Object.assign(this.state, { search: "", found: [] });
            this.focusRow(0);
        }
    }

    /** Show the product among the lines and put the cursor on its quantity. */
    addLine(line) {
        Object.assign(this.state, { search: "", found: [] });
        let index = this.state.lines.findIndex((l) => l.product_id === line.product_id);
        if (index < 0) {
            index = this.state.lines.push(this.newLine(line)) - 1;
        }
        this.rowToFocus = index;
    }

    /** Take the quantities of an earlier order for the products still in the list. */
    repeatOrder(order) {
        const known = new Map(this.state.lines.map((line) => [line.product_id, line]));
        const missing = order.lines.filter(([id]) => !known.has(id));
        for (const [id, quantity] of order.lines) {
            if (known.has(id)) {
                this.setQuantity(known.get(id), quantity);
            }
        }
        if (missing.length) {
            this.notification.add(
                _t("Some products of the order were not bought in twelve months or are not sold any more. Look for them below."),
                { type: "warning" }
            );
        }
        this.focusRow(0);
    }

    // -- order

    async save(confirm) {
        if (this.state.saving) {
            return;
        }
        if (this.invalid || !this.ordered.length) {
            const text = this.invalid
                ? _t("Correct the quantities marked red.")
                : _t("Enter a quantity for at least one product.");
            this.notification.add(text, { type: "danger" });
            return;
        }
        this.state.saving = true;
        try {
            const actions = await this.call(
                "create_order",
                this.ordered.map((line) => [line.product_id, line.quantity]),
                confirm,
                this.state.reference
            );
            for (const action of actions) {
                await this.action.doAction(action);
            }
        } finally {
            this.state.saving = false;
        }
    }
}

registry.category("actions").add("crm_b2b.telesales", Telesales);
