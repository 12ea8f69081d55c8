package io.solebox.testkit.hub;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;

/** What an answer holds, which need not be in memory. */
public interface FakeBody {
  FakeBody NONE = of(new byte[0]);

  long size();

  void write(OutputStream out, long from, long to) throws IOException;

  static FakeBody of(byte[] bytes) {
    return new FakeBody() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public void write(OutputStream out, long from, long to) throws IOException {
        out.write(bytes, (int) from, (int) (to - from));
      }
    };
  }

  /** One megabyte of noise, again and again. */
  static FakeBody noise(long size) {
    byte[] noise = new byte[1 << 20];
    new Random(7).nextBytes(noise);
    return new FakeBody() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public void write(OutputStream out, long from, long to) throws IOException {
        for (long at = from; at < to; ) {
          int start = (int) (at % noise.length);
          int count = (int) Math.min(noise.length - start, to - at);
          out.write(noise, start, count);
          at += count;
        }
      }
    };
  }

  /** A part of this. */
  default FakeBody slice(long from, long to) {
    FakeBody all = this;
    return new FakeBody() {
      @Override
      public long size() {
        return to - from;
      }

      @Override
      public void write(OutputStream out, long start, long end) throws IOException {
        all.write(out, from + start, from + end);
      }
    };
  }

  /** This with one byte turned over. */
  default FakeBody flipped(long at) {
    FakeBody all = this;
    return new FakeBody() {
      @Override
      public long size() {
        return all.size();
      }

      @Override
      public void write(OutputStream out, long from, long to) throws IOException {
        if (at < from || at >= to) {
          all.write(out, from, to);
          return;
        }
        var one = new java.io.ByteArrayOutputStream();
        all.write(one, at, at + 1);
        all.write(out, from, at);
        out.write(one.toByteArray()[0] ^ 1);
        all.write(out, at + 1, to);
      }
    };
  }
}
