package io.solebox.server.limits;

import java.time.Duration;

/**
 * Why nothing more may be used now.
 *
 * @param limit that is used up
 * @param whose it is
 * @param most that it allows
 * @param retryIn until it is worth to come back
 */
public record Refusal(Bound limit, Whose whose, long most, Duration retryIn) {}
