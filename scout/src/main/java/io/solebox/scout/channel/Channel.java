package io.solebox.scout.channel;

/** A way to people. Used by one thread at a time. */
public interface Channel {
  /** As its owner calls it. */
  String name();

  /** How many pieces of news one message can hold. */
  int most();

  /**
   * Sends one message; does not try again by itself.
   *
   * @throws InterruptedException where it is to end before there is an answer
   */
  Delivery send(Message message) throws InterruptedException;
}
