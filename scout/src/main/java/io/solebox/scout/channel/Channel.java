package io.solebox.scout.channel;

/** A way to people. Used by one thread at a time. */
public interface Channel {
  /** As its owner calls it. */
  String name();

  /** How many notices one message can hold. */
  int most();

  /** Sends one message; does not try again by itself. */
  Delivery send(Message message) throws InterruptedException;
}
