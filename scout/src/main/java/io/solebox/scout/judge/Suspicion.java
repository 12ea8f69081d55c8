package io.solebox.scout.judge;

/**
 * Why something may be a scam, a joke, or not what it seems. It is shown, never hidden.
 *
 * @param code stable, as in {@code PRICE_FAR_BELOW}
 * @param reason in words, with the figures
 */
public record Suspicion(String code, String reason) {}
