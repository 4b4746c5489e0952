import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_marketing_personal", {
    url: "/my/premier",
    steps: () => [
        {
            content: "What fits me, with the reason",
            trigger: "[name=personal_suggestions] a:contains('Because you bought')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "[name=personal_suggestion_page] button[name=ask]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The question is taken",
            trigger: "[name=personal_suggestion_page] .alert:contains('Thank you')",
        },
        {
            trigger: "a[href='/my/premier']:contains('Back')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a[href='/my/premier/preferences']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "[name=personal_preferences] input[name=purpose]:not(:checked)",
            run: "click",
        },
        {
            trigger: "button[name=save_preferences]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "[name=personal_preferences] .alert:contains('saved')",
        },
    ],
});
