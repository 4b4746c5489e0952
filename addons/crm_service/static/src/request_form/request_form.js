import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The request form of the portal: the category decides what is asked. */
export class RequestForm extends Interaction {
    static selector = ".o_service_request_form";
    dynamicContent = {
        "#category": { "t-on-change": this.follow },
        _root: { "t-on-submit": this.sendOnce },
    };

    start() {
        this.follow();
    }

    follow() {
        const select = this.el.querySelector("#category");
        const option = select?.selectedOptions[0];
        const asset = option?.value ? option.dataset.asset : "optional";
        const contract = option?.value ? option.dataset.contract : "yes";
        this.toggle("asset", asset !== "no", asset === "required");
        this.toggle("contract", contract === "yes", false);
        for (const fields of this.el.querySelectorAll("[data-category]")) {
            const asked = Boolean(option?.value) && fields.dataset.category === option.value;
            fields.disabled = !asked; // neither sent nor required
            fields.classList.toggle("d-none", !asked);
        }
    }

    toggle(name, asked, required) {
        const field = this.el.querySelector(`[data-of=${name}]`);
        if (field) {
            const select = field.querySelector("select");
            field.classList.toggle("d-none", !asked);
            select.disabled = !asked;
            select.required = required;
        }
    }

    /** A second click while the request travels must not make a second one. */
    sendOnce() {
        this.el.querySelector("button[type=submit]").disabled = true;
    }
}

registry.category("public.interactions").add("crm_service.request_form", RequestForm);
