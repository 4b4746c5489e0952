import { markRaw } from "@odoo/owl";

import { deepCopy } from "@web/core/utils/objects";
import { patch } from "@web/core/utils/patch";
import { Record } from "@web/model/relational_model/record";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { getBasicEvalContext, getFieldsSpec } from "@web/model/relational_model/utils";
import { Field } from "@web/views/fields/field";
import { FormController } from "@web/views/form/form_controller";

/**
 * A form reads `<field name="x" deferred="1"/>` by a second call, all such fields at
 * once, when the rest is on the screen. Until then they have no value: a modifier sees
 * them as empty, the field keeps its place and shows nothing. Everything that changes or
 * saves the record waits for them, as it goes through the same mutex. When a record is
 * read again, the values of before stay until the new ones are there.
 */

/** Names of the deferred fields of a form; one marked node is enough. */
export function deferredFields({ fieldNodes }) {
    const names = Object.values(fieldNodes)
        .filter((node) => node.attrs?.deferred)
        .map((node) => node.name);
    return [...new Set(names)];
}

function pick(object, names, wanted) {
    const entries = Object.entries(object);
    return Object.fromEntries(entries.filter(([name]) => names.includes(name) === wanted));
}

patch(FormController.prototype, {
    get className() {
        const pending = Boolean(this.model.root.deferredPending);
        return { ...super.className, o_form_deferred_pending: pending };
    },

    get modelParams() {
        const params = super.modelParams;
        params.config.deferred = deferredFields(this.archInfo);
        return params;
    },
});

patch(RelationalModel.prototype, {
    async load() {
        const known = this.root?.id;
        const before = this.root?.resId;
        await super.load(...arguments);
        if (this.root.id !== known) {
            this._loadDeferred({ cached: this.withCache && before !== this.root.resId });
        }
    },

    _createRoot(config, data) {
        const kept = config.isMonoRecord && config.deferred && this.root?._getDeferred;
        const values = kept ? this.root._getDeferred(config.resId) : {};
        return super._createRoot(config, kept ? { ...values, ...data } : data);
    },

    async _updateConfig(config, patchedConfig, { reload = true } = {}) {
        await super._updateConfig(...arguments);
        if (reload && config.isRoot) {
            this._loadDeferred();
        }
    },

    async _loadRecords(config, evalContext, cache) {
        if (config.isMonoRecord && config.resId && config.deferred?.length) {
            const activeFields = pick(config.activeFields, config.deferred, false);
            return super._loadRecords({ ...config, activeFields }, evalContext, cache);
        }
        return super._loadRecords(...arguments);
    },

    /** Read the deferred fields of the root; not awaited by what loads the rest. */
    _loadDeferred({ cached = false } = {}) {
        const root = this.root;
        if (root.resId && root.config.deferred?.length) {
            this.mutex.exec(() => this._readDeferred(root, cached));
        }
    },

    async _readDeferred(root, cached) {
        const { resModel, resId, activeFields, fields, context, deferred, loadId } =
            root.config;
        const isCurrent = () =>
            this.root.id === root.id &&
            root.config.resId === resId &&
            root.config.loadId === loadId;
        const apply = ([values]) => {
            if (values && isCurrent()) {
                root._applyDeferred(values);
            }
        };
        if (!isCurrent()) {
            return;
        }
        const callback = (result, hasChanged) => hasChanged && apply(result);
        const orm = cached
            ? this.orm.cache({ type: "disk", update: "always", callback })
            : this.orm;
        apply(
            await orm.webRead(resModel, [resId], {
                context: { bin_size: true, ...context },
                specification: getFieldsSpec(
                    pick(activeFields, deferred, true),
                    fields,
                    getBasicEvalContext(root.config)
                ),
            })
        );
    },
});

patch(Record.prototype, {
    setup(config, data) {
        const names = config.resId ? config.deferred || [] : [];
        this.deferredPending = names.some((name) => !(name in data));
        super.setup(...arguments);
    },

    _setData(data, params) {
        const names = (this.resId && this.config.deferred) || [];
        if (!names.length || this.deferredPending) {
            return super._setData(...arguments);
        }
        const all = { ...this._getDeferred(this.resId), ...data };
        this._keepDeferred(pick(all, names, true));
        return super._setData(all, params);
    },

    _applyDeferred(values) {
        this.deferredPending = false;
        this._keepDeferred(pick(values, this.config.deferred, true));
        this._applyValues(values);
    },

    _keepDeferred(values) {
        this._deferred = markRaw({ resId: this.resId, values: deepCopy(values) });
    },

    /** What was read last of this record, as the server said it; nothing of another. */
    _getDeferred(resId) {
        return this._deferred?.resId === resId ? deepCopy(this._deferred.values) : {};
    },
});

patch(Field.prototype, {
    get classNames() {
        const { fieldInfo, record } = this.props;
        return {
            ...super.classNames,
            o_field_deferred: Boolean(record.deferredPending && fieldInfo?.attrs?.deferred),
        };
    },
});
