package io.solebox.app.store;

import io.solebox.store.pull.Pull;

/**
 * What will be fetched, and what is known of it.
 *
 * @param missingBytes that are not in the store
 */
record PullPlan(Pull.Order order, Outlook outlook, long missingBytes) {}
