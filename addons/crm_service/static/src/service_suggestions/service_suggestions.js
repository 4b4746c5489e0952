import { Component, onWillStart, onWillUpdateProps, useExternalListener, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Solutions that are like what is being typed in the request. */
export class ServiceSuggestions extends Component {
    static template = "crm_service.ServiceSuggestions";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ articles: [], used: {} });
        this.asked = "";
        this.typed = useDebounced((text) => this.suggest(text), 250);
        useExternalListener(document, "input", (ev) => {
            if (ev.target.closest?.(".o_form_view .o_field_widget[name='name']")) {
                this.typed(ev.target.value);
            }
        });
        onWillStart(() => this.suggest(this.props.record.data.name));
        onWillUpdateProps((props) => this.suggest(props.record.data.name, props));
    }

    async suggest(text, props = this.props) {
        const data = props.record.data;
        const product = data.product_id?.id || false;
        const asked = `${text || ""}|${product}`;
        if (asked === this.asked) {
            return;
        }
        this.asked = asked;
        const articles = text
            ? await this.orm.silent.call("service.article", "suggest", [text], {
                  product_id: product,
              })
            : [];
        if (asked === this.asked) {
            this.state.articles = articles;
        }
    }

    open(article) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "service.article",
            res_id: article.id,
            views: [[false, "form"]],
            target: "new",
        });
    }

    async use(article) {
        const record = this.props.record;
        if (await record.save()) {
            await this.orm.call("service.article", "action_use", [[article.id], record.resId]);
            this.state.used[article.id] = true;
            await record.load();
        }
    }
}

registry.category("view_widgets").add("service_suggestions", {
    component: ServiceSuggestions,
    fieldDependencies: [
        { name: "name", type: "char" },
        { name: "product_id", type: "many2one" },
    ],
});
