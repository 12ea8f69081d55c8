package io.solebox.server.chats.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a JSON text into the elements of its array while it comes, so that no more than one of them
 * is held: of the array that it is, or that is the member {@code chats} of the object that it is.
 * What is left, with null in the place of each element, is the frame: whoever reads that knows
 * whether the text was whole. Elements are not looked at: whoever takes them reads them strictly.
 */
final class ItemSplitter {
  private static final byte[] NAME = "\"chats\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  /** Takes what was cut out. */
  interface Items {
    void item(byte[] json);

    /** One that is longer than may be held. */
    void tooLong();
  }

  private final int maxBytes;
  private final Items items;
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();

  /** The last of the frame, without spaces between its values. */
  private final byte[] latest = new byte[NAME.length];

  private ByteArrayOutputStream item = new ByteArrayOutputStream();
  private State state = State.FRAME;
  private boolean found;
  private boolean inString;
  private boolean escaped;

  /** What is open: in the frame, or, in an item, in that. */
  private int depth;

  private int frameDepth;
  private long itemBytes;

  private enum State {
    FRAME,
    BETWEEN_ITEMS,
    ITEM
  }

  /**
   * @param maxBytes of one item, and of the frame
   */
  ItemSplitter(int maxBytes, Items items) {
    this.maxBytes = maxBytes;
    this.items = items;
  }

  /** What is around the items; all of the text where it has no array. */
  byte[] frame() {
    return frame.toByteArray();
  }

  /** Whether the text ended within an item. */
  boolean isBroken() {
    return state == State.ITEM;
  }

  /** Whether what is around the items is longer than may be held. */
  boolean isFrameTooLong() {
    return frame.size() > maxBytes;
  }

  void take(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      take(bytes.get());
    }
  }

  private void take(byte b) {
    switch (state) {
      case FRAME -> inFrame(b);
      case BETWEEN_ITEMS -> betweenItems(b);
      case ITEM -> inItem(b);
    }
  }

  private void inFrame(byte b) {
    frame(b);
    if (inString(b)) {
      note(b);
      return;
    }
    depth += step(b);
    boolean named = depth == 2 && Arrays.equals(latest, NAME);
    if (b == '[' && !found && (depth == 1 || named)) {
      found = true;
      state = State.BETWEEN_ITEMS;
    }
    if (!isSpace(b)) {
      note(b);
    }
  }

  private void frame(byte b) {
    if (!isFrameTooLong()) {
      frame.write(b);
    }
  }

  private void note(byte b) {
    System.arraycopy(latest, 1, latest, 0, latest.length - 1);
    latest[latest.length - 1] = b;
  }

  private void betweenItems(byte b) {
    if (b == ',' || b == '}' || b == ']') {
      frame(b);
      if (b == ']') {
        depth--;
        state = State.FRAME;
      }
    } else if (!isSpace(b)) {
      state = State.ITEM;
      itemBytes = 0;
      item = new ByteArrayOutputStream();
      frameDepth = depth;
      depth = 0;
      inItem(b);
    }
  }

  private void inItem(byte b) {
    boolean text = inString;
    if (!text && depth == 0 && (b == ',' || b == ']' || b == '}' || isSpace(b))) {
      endItem(); // a number or a word
      betweenItems(b);
      return;
    }
    if (++itemBytes <= maxBytes) {
      item.write(b);
    }
    if (inString(b)) {
      return;
    }
    depth += step(b);
    boolean closed = b == '}' || b == ']' || b == '"' && text;
    if (depth == 0 && closed) {
      endItem();
    }
  }

  private void endItem() {
    depth = frameDepth;
    state = State.BETWEEN_ITEMS;
    for (byte b : NULL) {
      frame(b);
    }
    if (itemBytes > maxBytes) {
      items.tooLong();
    } else {
      items.item(item.toByteArray());
    }
  }

  /** Follows strings; true for what is in one, and for the sign that begins it. */
  private boolean inString(byte b) {
    if (!inString) {
      inString = b == '"';
      return inString;
    }
    if (escaped) {
      escaped = false;
    } else if (b == '\\') {
      escaped = true;
    } else if (b == '"') {
      inString = false;
      return false;
    }
    return true;
  }

  private static int step(byte b) {
    return switch (b) {
      case '{', '[' -> 1;
      case '}', ']' -> -1;
      default -> 0;
    };
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
