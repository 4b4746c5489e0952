import { registry } from "@web/core/registry";

let keys = 0;

function press(element, key, options = {}) {
    keys += 1;
    const init = { key, bubbles: true, cancelable: true, ...options };
    if (element.dispatchEvent(new KeyboardEvent("keydown", init)) && key.length === 1) {
        element.value += key;
        element.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
}

function quantityOf(name) {
    return `.o_telesales_quantity[aria-label="Quantity of ${name}"]`;
}

registry.category("web_tour.tours").add("crm_b2b_telesales", {
    steps: () => [
        {
            content: "the cursor stands on the first product",
            trigger: `${quantityOf("Telesales Resin")}:focus`,
            run() {
                press(this.anchor, " "); // as last time
                press(this.anchor, "Enter");
            },
        },
        {
            content: "and goes to the next one, of which we type a quantity",
            trigger: `${quantityOf("Telesales Thinner")}:focus`,
            run() {
                this.anchor.value = "";
                press(this.anchor, "2");
                press(this.anchor, "5");
                press(this.anchor, "Enter");
                if (keys > 2 * 9) {
                    throw new Error(`${keys} keys for two repeated lines`);
                }
            },
        },
        {
            content: "both lines are counted at the price of today",
            trigger: ".o_telesales_total:contains(1,250.00)",
        },
        {
            content: "another product is found by its reference",
            trigger: ".o_telesales_search",
            run: "edit TS-NEW",
        },
        {
            trigger: ".o_telesales_found button:contains(Telesales Newcomer)",
            run: "click",
        },
        {
            trigger: `${quantityOf("Telesales Newcomer")}:focus`,
            run() {
                press(this.anchor, "3");
            },
        },
        {
            content: "ctrl+enter makes the quotation",
            trigger: `${quantityOf("Telesales Newcomer")}`,
            run() {
                press(this.anchor, "Enter", { ctrlKey: true });
            },
        },
        {
            trigger: ".o_form_view .o_field_widget[name=order_line] td:contains(Newcomer)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_b2b_premier", {
    url: "/my",
    steps: () => [
        { trigger: ".o_premier [name=premier_needs_list]" },
        { trigger: "a[href='/my/premier']", run: "click", expectUnloadPage: true },
        {
            trigger: ".o_premier [name=premier_products] input[name=quantity]",
            run: "edit 12",
        },
        {
            trigger: ".o_premier [name=premier_products] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert:contains(in your basket)" },
        {
            trigger: ".o_premier a[href='/my/premier/basket']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "textarea[name=note]", run: "edit As soon as you can" },
        {
            trigger: "button[name=send]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert:contains(Thank you)" },
        { trigger: "[name=premier_order_line]:contains(12)" },
    ],
});
