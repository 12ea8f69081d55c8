package io.solebox.store.pull.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Head;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Redirects;
import io.solebox.store.pull.transfer.Identity;
import io.solebox.store.pull.transfer.Origin;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One file at an address, which is known by the digest that its publisher names. */
public final class PlainUrl implements Source {
  private static final Pattern TOTAL = Pattern.compile("bytes \\d+-\\d+/(\\d{1,18})");
  private static final int MOST_HOPS = 10;

  private final Outbound outbound;
  private final URI uri;
  private final Digest digest;

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} without a digest: nobody would notice a
   *     wrong file
   */
  public PlainUrl(Outbound outbound, URI uri, Optional<Digest> digest) {
    this.outbound = outbound;
    this.uri = uri;
    this.digest =
        digest.orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    Ask.shown(uri),
                    "What comes from a plain address is known by its digest alone, and none was"
                        + " given.",
                    "Give --sha256 with the 64 digits that the publisher names."));
  }

  @Override
  public Offer look() throws IOException, InterruptedException {
    String path = uri.getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    var file = new RemoteFile(name, locate().bytes(), new Identity.Sha256(digest));
    List<Variant> variants = Variant.of(List.of(file));
    if (variants.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          Ask.shown(uri),
          "This address does not name a model in GGUF.",
          "Give the address of the .gguf file itself.");
    }
    return new Offer(
        Ask.shown(uri),
        digest.toString(),
        Optional.empty(),
        Optional.empty(),
        variants,
        List.of(),
        List.of());
  }

  @Override
  public Origin origin(RemoteFile file) {
    return this::locate;
  }

  /** Asks for one byte: addresses that are signed for reading refuse other questions. */
  private Origin.Located locate() throws IOException, InterruptedException {
    Ask ask = Ask.get(uri);
    int failures = 0;
    for (int hops = 0; hops <= MOST_HOPS; ) {
      Head head;
      try {
        head = outbound.send(ask.with("Range", "bytes=0-0"), _ -> Optional.empty());
      } catch (IOException e) {
        throw Replies.unreachable(uri, e);
      }
      Optional<String> location = head.first("location");
      if (head.isRedirect() && location.isPresent()) {
        ask = ask.redirected(Redirects.target(ask.uri(), location.get()));
        hops++;
      } else if (Outbound.mayPass(head.status()) && ++failures < outbound.patience().tries()) {
        outbound.patience().pause(failures, head.askedWait());
      } else {
        return new Origin.Located(ask, size(head), new Identity.Sha256(digest));
      }
    }
    throw Replies.strange(uri, "it is redirected in a circle");
  }

  private long size(Head head) {
    OptionalLong size =
        switch (head.status()) {
          case 206 -> {
            Matcher total = TOTAL.matcher(head.first("content-range").orElse(""));
            yield total.matches()
                ? OptionalLong.of(Long.parseLong(total.group(1)))
                : OptionalLong.empty();
          }
          case 200 -> head.contentLength();
          case 404, 410 ->
              throw new SoleboxException(
                  ErrorCode.MODEL_NOT_FOUND,
                  Ask.shown(uri),
                  "There is no such file.",
                  "Check the address.");
          case 401, 403 ->
              throw new SoleboxException(
                  ErrorCode.ACCESS_DENIED,
                  Ask.shown(uri),
                  "The source does not give this file to everybody, or its address has expired.",
                  "Get a fresh address of it.");
          default -> throw Replies.failed(head);
        };
    if (size.isEmpty() || size.getAsLong() < 1) {
      throw Replies.strange(uri, "it does not say how long the file is");
    }
    return size.getAsLong();
  }
}
