import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Opens the caller when the telephone exchange tells of a call for this user. */
export const callPopupService = {
    dependencies: ["bus_service", "notification", "action"],

    start(env, { bus_service, notification, action }) {
        const open = (resModel, resId, context = {}) =>
            action.doAction({
                type: "ir.actions.act_window",
                res_model: resModel,
                res_id: resId || undefined,
                views: [[false, "form"]],
                target: "current",
                context,
            });
        const newTicket = (call) =>
            open("helpdesk.ticket", false, {
                default_partner_id: call.contact_id,
                default_name: call.contact_id ? undefined : call.number,
                default_service_call_id: call.call_id,
            });

        const openCaller = (call) =>
            call.partner_id
                ? open("res.partner", call.partner_id)
                : open("res.partner", false, { default_phone: call.number });

        bus_service.subscribe("crm_service.call", (call) => {
            const title = call.name
                ? _t("Call from %s", call.name)
                : _t("Call from an unknown number");
            const text = call.open_tickets
                ? _t("%(number)s, %(count)s open requests", {
                      number: call.number,
                      count: call.open_tickets,
                  })
                : call.number;
            notification.add(text, {
                title,
                type: "info",
                sticky: true,
                className: "o_service_call",
                buttons: [
                    {
                        name: call.name ? _t("Open the customer") : _t("New contact"),
                        primary: true,
                        onClick: () => openCaller(call),
                    },
                    { name: _t("New request"), onClick: () => newTicket(call) },
                ],
            });
            // A form with unsaved changes is not taken away from the agent.
            if (!document.querySelector(".o_form_status_indicator_buttons:not(.invisible)")) {
                openCaller(call);
            }
        });
        bus_service.start();
    },
};

registry.category("services").add("crm_service.call_popup", callPopupService);
