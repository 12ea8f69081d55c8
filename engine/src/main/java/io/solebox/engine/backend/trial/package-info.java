/**
 * Trials: what shows whether a device computes, keeps and carries what it should. The figures carry
 * no verdict; what a card should give is the business of whoever asks.
 */
package io.solebox.engine.backend.trial;
