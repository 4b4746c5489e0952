from .tools import append_only_sql


def uninstall_hook(env):
    """Tables go with their models; the function of a trigger does not."""
    env.cr.execute(append_only_sql.drop())
