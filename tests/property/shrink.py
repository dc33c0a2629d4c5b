"""A smaller pair of schemas that fails as well: items are left out, and changes undone, while the failure stays."""
import copy
import time


def shrink(pair, fails, seconds=60):
    end = time.monotonic() + seconds
    smaller_once = True
    while smaller_once and time.monotonic() < end:
        smaller_once = False
        for step in steps(pair):
            if time.monotonic() > end:
                break
            candidate = step(copy.deepcopy(pair[0]), copy.deepcopy(pair[1]))
            if candidate and fails(candidate):
                pair, smaller_once = candidate, True
    return pair


def steps(pair):
    """Each makes a smaller pair, or nothing; the biggest first. They fit what the steps before have left as well."""
    uids = sorted(set(pair[0].items) | set(pair[1].items), reverse=True)
    size = max(1, len(uids) // 2)
    while True:
        for at in range(0, len(uids), size):
            yield lambda before, after, gone=uids[at:at + size]: leave_out(before, after, gone)
        if size == 1:
            break
        size //= 2
    for uid in uids:
        yield lambda before, after, uid=uid: undo(before, after, uid)
    for uid in uids:
        for field in sorted({*getattr(pair[0].items.get(uid), "__dict__", {}), *getattr(pair[1].items.get(uid), "__dict__", {})}):
            yield lambda before, after, uid=uid, field=field: leave_field(before, after, uid, field)


def leave_out(before, after, uids):
    if not any(uid in world for uid in uids for world in (before, after)):
        return None
    for uid in uids:
        before.remove(uid)
        after.remove(uid)
    return before, after


def undo(before, after, uid):
    """A change of one item."""
    if uid not in before or uid not in after or plain(before[uid]) == plain(after[uid]):
        return None
    if not all(ref in after for ref in before[uid].refs()):
        return None
    after.items[uid] = copy.deepcopy(before[uid])
    return before, after


def leave_field(before, after, uid, field):
    """What its class has without it."""
    done = False
    for world in (before, after):
        if uid in world and hasattr(type(world[uid]), field) and field in world[uid].__dict__:
            done = done or world[uid].__dict__[field] != getattr(type(world[uid]), field)
            del world[uid].__dict__[field]
    return (before, after) if done else None


def plain(item):
    """For comparing: fields as text."""
    def text(value):
        if isinstance(value, (list, tuple)):
            return [text(one) for one in value]
        return sorted((key, repr(one)) for key, one in value.__dict__.items()) if hasattr(value, "inner_refs") else repr(value)
    return sorted((key, text(value)) for key, value in item.__dict__.items())
