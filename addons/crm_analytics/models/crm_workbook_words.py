from odoo import api, models

from ..tools.workbook_labels import CUSTOMER_VALUE

NOTE = CUSTOMER_VALUE["note_proof"]


class CrmWorkbookWords(models.AbstractModel):
    """The words of the Excel workbooks in the language of their reader.

    The kernels write English; what they say stands here once more, for translators.
    """

    _name = "crm.workbook.words"
    _description = "Words of Workbooks"

    @api.model
    def _translate(self, labels):
        """Labels of a kernel in the reader's language, by the same codes."""
        words = self._get_words()
        return {code: words.get(text, text) for code, text in labels.items()}

    @api.model
    def _get_words(self):
        """English words and what they are called; the hook of other addons."""
        return {
            **self._get_value_words(),
            **self._get_threshold_words(),
            **self._get_contract_words(),
            **self._get_pipeline_words(),
        }

    @api.model
    def _get_value_words(self):
        """Customers, ledger entries and proof."""
        env = self.env
        return {
            "Summary": env._("Summary"),
            "Customers": env._("Customers"),
            "Ledger entries": env._("Ledger entries"),
            "Proof": env._("Proof"),
            "Thresholds": env._("Thresholds"),
            "Curve": env._("Curve"),
            "Customer value": env._("Customer value"),
            "Company": env._("Company"),
            "Currency": env._("Currency"),
            "As-of date": env._("As-of date"),
            "Policy version": env._("Policy version"),
            "Run": env._("Run"),
            "Value class": env._("Value class"),
            "Share of customers": env._("Share of customers"),
            "Share of revenue": env._("Share of revenue"),
            "Customers by recency score (down) and frequency score (across)": env._(
                "Customers by recency score (down) and frequency score (across)"
            ),
            "Customer no.": env._("Customer no."),
            "Customer": env._("Customer"),
            "Salesperson": env._("Salesperson"),
            "First purchase": env._("First purchase"),
            "Last purchase": env._("Last purchase"),
            "Recency (days)": env._("Recency (days)"),
            "Frequency (purchase days)": env._("Frequency (purchase days)"),
            "Monetary (net revenue)": env._("Monetary (net revenue)"),
            "R": env._("R"),
            "F": env._("F"),
            "M": env._("M"),
            "RFM group": env._("RFM group"),
            "Contribution": env._("Contribution"),
            "ABC": env._("ABC"),
            "ABC a year before": env._("ABC a year before"),
            "Loyalty": env._("Loyalty"),
            "Revenue change": env._("Revenue change"),
            "Churn risk": env._("Churn risk"),
            "Value at risk": env._("Value at risk"),
            "Lifecycle stage": env._("Lifecycle stage"),
            "Tier": env._("Tier"),
            "Probability of being active": env._("Probability of being active"),
            "Lifetime value": env._("Lifetime value"),
            "Reasons": env._("Reasons"),
            "Entry no.": env._("Entry no."),
            "Invoice": env._("Invoice"),
            "Date": env._("Date"),
            "Kind": env._("Kind"),
            "Untaxed amount": env._("Untaxed amount"),
            "Purchase day": env._("Purchase day"),
            "invoice": env._("invoice"),
            "credit note": env._("credit note"),
            "Invoices listed": env._("Invoices listed"),
            "Costs (from the run)": env._("Costs (from the run)"),
            "Cumulative contribution": env._("Cumulative contribution"),
            "Last 6 months": env._("Last 6 months"),
            "Same 6 months a year before": env._("Same 6 months a year before"),
            "Class, recomputed": env._("Class, recomputed"),
            "Class of the run": env._("Class of the run"),
            "Agrees": env._("Agrees"),
            "yes": env._("yes"),
            "NO": env._("NO"),
        }

    @api.model
    def _get_threshold_words(self):
        """Limits that a reader may change, and classes."""
        env = self.env
        return {
            "Threshold": env._("Threshold"),
            "Value": env._("Value"),
            "Share of customers, best first": env._("Share of customers, best first"),
            "Window (months)": env._("Window (months)"),
            "R = 5 up to (days)": env._("R = 5 up to (days)"),
            "R = 4 up to (days)": env._("R = 4 up to (days)"),
            "R = 3 up to (days)": env._("R = 3 up to (days)"),
            "R = 2 up to (days)": env._("R = 2 up to (days)"),
            "F = 2 from": env._("F = 2 from"),
            "F = 3 from": env._("F = 3 from"),
            "F = 4 from": env._("F = 4 from"),
            "F = 5 from": env._("F = 5 from"),
            "M = 2 from": env._("M = 2 from"),
            "M = 3 from": env._("M = 3 from"),
            "M = 4 from": env._("M = 4 from"),
            "M = 5 from": env._("M = 5 from"),
            "A up to (cumulative share)": env._("A up to (cumulative share)"),
            "B up to (cumulative share)": env._("B up to (cumulative share)"),
            "Dormant without purchase for (months)": env._(
                "Dormant without purchase for (months)"
            ),
            "New up to (months since the first purchase)": env._(
                "New up to (months since the first purchase)"
            ),
            "Being lost from churn risk": env._("Being lost from churn risk"),
            "Being lost from revenue down by": env._("Being lost from revenue down by"),
            "Most valuable and growth from loyalty": env._(
                "Most valuable and growth from loyalty"
            ),
            "Growth from revenue up by": env._("Growth from revenue up by"),
            "Growth from purchase days": env._("Growth from purchase days"),
            "Window begins after": env._("Window begins after"),
            "Last 6 months begin after": env._("Last 6 months begin after"),
            "A year before": env._("A year before"),
            "6 months a year before begin after": env._(
                "6 months a year before begin after"
            ),
            "Sum of positive contributions": env._("Sum of positive contributions"),
            "Change a yellow cell: the sheets Proof and Summary follow.": env._(
                "Change a yellow cell: the sheets Proof and Summary follow."
            ),
            NOTE: env._(
                "Yellow columns come from the run, all others are computed here from"
                " the ledger entries and the thresholds."
            ),
            "Most valuable": env._("Most valuable"),
            "Growth": env._("Growth"),
            "Being lost": env._("Being lost"),
            "Transactional": env._("Transactional"),
            "New": env._("New"),
            "Dormant": env._("Dormant"),
        }

    @api.model
    def _get_contract_words(self):
        """Service contracts."""
        env = self.env
        return {
            "Service contracts": env._("Service contracts"),
            "Levels": env._("Levels"),
            "Renewals": env._("Renewals"),
            "Contracts": env._("Contracts"),
            "Lines": env._("Lines"),
            "Contract": env._("Contract"),
            "Level": env._("Level"),
            "State": env._("State"),
            "Responsible": env._("Responsible"),
            "Start": env._("Start"),
            "End": env._("End"),
            "Ends in": env._("Ends in"),
            "Running": env._("Running"),
            "Monthly revenue": env._("Monthly revenue"),
            "Yearly revenue": env._("Yearly revenue"),
            "Billed": env._("Billed"),
            "Cost of service": env._("Cost of service"),
            "Profit": env._("Profit"),
            "Profit share": env._("Profit share"),
            "Line": env._("Line"),
            "Quantity": env._("Quantity"),
            "Unit price": env._("Unit price"),
            "Discount": env._("Discount"),
            "Months of a period": env._("Months of a period"),
            "Rate": env._("Rate"),
            "Computed here": env._("Computed here"),
            "Stored": env._("Stored"),
            "no": env._("no"),
            "No level": env._("No level"),
            "No end": env._("No end"),
            "As of": env._("As of"),
        }

    @api.model
    def _get_pipeline_words(self):
        """Deals and forecasts."""
        env = self.env
        return {
            "Pipeline and forecast": env._("Pipeline and forecast"),
            "Deals": env._("Deals"),
            "Stages": env._("Stages"),
            "Months": env._("Months"),
            "Accuracy": env._("Accuracy"),
            "Deal": env._("Deal"),
            "Sales team": env._("Sales team"),
            "Stage": env._("Stage"),
            "Forecast category": env._("Forecast category"),
            "Expected closing": env._("Expected closing"),
            "Month": env._("Month"),
            "Age (days)": env._("Age (days)"),
            "Expected revenue": env._("Expected revenue"),
            "Probability": env._("Probability"),
            "Weighted": env._("Weighted"),
            "Weeks ahead": env._("Weeks ahead"),
            "Forecast": env._("Forecast"),
            "Ordered": env._("Ordered"),
            "Error": env._("Error"),
            "No date": env._("No date"),
            "Sheet": env._("Sheet"),
        }
