package io.solebox.hardware.answer;

/** What a device on the other end of a wire or network says, or why it does not. */
public sealed interface Said<T> {
  record Yes<T>(T value) implements Said<T> {}

  /**
   * @param why in words
   */
  record No<T>(String why) implements Said<T> {}
}
