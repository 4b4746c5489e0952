import logging

from odoo import http
from odoo.http import request

from ..models.service_call import SCOPE

_logger = logging.getLogger(__name__)


class ServiceCallController(http.Controller):
    @http.route(
        "/crm_service/call",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        readonly=False,
        save_session=False,
    )
    def call(self, **data):
        """Take a call from a telephone exchange.

        ``Authorization: Bearer KEY`` with an API key of an internal user; fields as a
        form or as JSON: number, extension, direction (in, out), reference, state,
        duration. Answers 200 with the caller, 400 or 401.
        """
        uid = self._authenticate()
        if not uid:
            return request.make_json_response({"error": "invalid API key"}, status=401)
        data = self._get_data(data)
        if not str(data.get("number") or "").strip():
            return request.make_json_response({"error": "number missing"}, status=400)
        request.update_env(user=uid)
        calls = request.env["service.call"]
        if not calls.has_access("create"):
            return request.make_json_response({"error": "not allowed"}, status=403)
        try:
            values = self._clean(data)
        except ValueError as error:
            return request.make_json_response({"error": str(error)}, status=400)
        # The exchange's user logs calls of customers that he need not be able to read.
        call = calls.sudo()._log_call(**values)
        return request.make_json_response(
            {
                "call_id": call.id,
                "partner_id": call.partner_id.id or None,
                "known": bool(call.partner_id),
                "agent": bool(call.user_id),
            }
        )

    def _authenticate(self):
        header = request.httprequest.headers.get("Authorization", "")
        scheme, _space, key = header.partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            return None
        keys = request.env["res.users.apikeys"]
        uid = keys._check_credentials(scope=SCOPE, key=key.strip())
        if not uid:
            _logger.info("Telephone call refused: invalid API key")
        return uid

    def _get_data(self, form):
        if request.httprequest.mimetype != "application/json":
            return form
        try:
            data = request.get_json_data()
        except ValueError:
            return {}
        return data if isinstance(data, dict) else {}

    def _clean(self, data):
        """Return the arguments of ``_log_call``; ValueError names what is wrong."""
        call = request.env["service.call"]
        values = {
            name: str(data[name]).strip()[:64]
            for name in ("number", "extension", "reference")
            if data.get(name)
        }
        for name in ("direction", "state"):
            allowed = dict(call._fields[name].selection)
            if data.get(name):
                if data[name] not in allowed:
                    raise ValueError(f"{name} must be one of {', '.join(allowed)}")
                values[name] = data[name]
        duration = str(data.get("duration") or "0")
        if not duration.isdecimal():
            raise ValueError("duration must be seconds")
        return values | {"duration": int(duration)}
