package io.solebox.server.tls;

import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What clients call this machine: names, and addresses as text without brackets or zones.
 *
 * @param names of the domain name system or of the local network, lower case, in ASCII
 */
public record BoxNames(SortedSet<String> names, SortedSet<String> addresses) {
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9a-f]*:[0-9a-f:.]+|[0-9]+(\\.[0-9]+){3}");
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)(\\*\\.)?[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_][a-z0-9_-]{0,62})*");

  public BoxNames {
    names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
  }

  /** Of the machine as it is now. */
  static BoxNames now(InetAddress bound, String boundHost, List<String> further) {
    List<String> all = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1", boundHost));
    all.addAll(further);
    if (!bound.isLoopbackAddress()) {
      all.addAll(machineNames());
    }
    if (bound.isAnyLocalAddress()) {
      all.addAll(interfaceAddresses());
    } else {
      all.add(bound.getHostAddress());
    }
    return of(all);
  }

  /** These, and all that the machine is called on its networks, whatever a server listens on. */
  BoxNames andOfMachine() {
    List<String> all = new ArrayList<>(machineNames());
    all.addAll(interfaceAddresses());
    BoxNames machine = of(all);
    return new BoxNames(union(names, machine.names), union(addresses, machine.addresses));
  }

  private static SortedSet<String> union(SortedSet<String> some, SortedSet<String> others) {
    SortedSet<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }

  /** What of {@code all} can stand in a certificate. */
  static BoxNames of(List<String> all) {
    SortedSet<String> names = new TreeSet<>();
    SortedSet<String> addresses = new TreeSet<>();
    for (String each : all) {
      String bare = bare(each);
      Optional<InetAddress> address = address(bare);
      if (address.isPresent()) {
        address
            .filter(at -> !at.isAnyLocalAddress())
            .ifPresent(at -> addresses.add(bare(at.getHostAddress())));
      } else if (NAME.matcher(bare).matches()) {
        names.add(bare);
      }
    }
    return new BoxNames(names, addresses);
  }

  /** How this machine calls itself, and as the local network knows it by multicast DNS. */
  public static List<String> machineNames() {
    try {
      String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
      return NAME.matcher(name).matches() && !ADDRESS.matcher(name).matches()
          ? List.of(name, name.split("\\.", 2)[0] + ".local")
          : List.of();
    } catch (UnknownHostException e) {
      return List.of(); // it is called by its addresses
    }
  }

  /** What a certificate is for. */
  static BoxNames in(X509Certificate certificate) {
    try {
      Collection<List<?>> subjects = certificate.getSubjectAlternativeNames();
      return of(
          subjects == null
              ? List.of()
              : subjects.stream().map(each -> String.valueOf(each.get(1))).toList());
    } catch (CertificateParsingException e) {
      return of(List.of());
    }
  }

  boolean covers(BoxNames other) {
    return names.containsAll(other.names) && addresses.containsAll(other.addresses);
  }

  /** Whether the two have a name or an address in common; a wildcard stands for its names. */
  boolean meets(BoxNames other) {
    return names.stream().anyMatch(name -> other.names.stream().anyMatch(at -> stands(name, at)))
        || addresses.stream().anyMatch(other.addresses::contains);
  }

  private static boolean stands(String name, String other) {
    return name.equals(other)
        || (name.startsWith("*.")
            && other.substring(other.indexOf('.') + 1).equals(name.substring(2)));
  }

  BoxNames without(BoxNames other) {
    SortedSet<String> fewerNames = new TreeSet<>(names);
    fewerNames.removeAll(other.names);
    SortedSet<String> fewerAddresses = new TreeSet<>(addresses);
    fewerAddresses.removeAll(other.addresses);
    return new BoxNames(fewerNames, fewerAddresses);
  }

  boolean isEmpty() {
    return names.isEmpty() && addresses.isEmpty();
  }

  /** Names, then addresses. */
  List<String> all() {
    return Stream.concat(names.stream(), addresses.stream()).toList();
  }

  /** As people read a list. */
  @Override
  public String toString() {
    return String.join(", ", all());
  }

  /** By which others can call this machine, those of IPv4 first; no loopback. */
  public static List<String> addressesToCall() {
    return interfaceAddresses().stream()
        .map(BoxNames::bare)
        .filter(at -> !InetAddress.ofLiteral(at).isLoopbackAddress())
        .sorted(Comparator.comparing((String at) -> at.contains(":")).thenComparing(at -> at))
        .toList();
  }

  private static List<String> interfaceAddresses() {
    try {
      return machineAddresses()
          // Nobody calls them without naming an interface, which no certificate can.
          .filter(address -> !address.isLinkLocalAddress())
          .map(InetAddress::getHostAddress)
          .toList();
    } catch (IOException e) {
      return List.of(); // no interfaces
    }
  }

  private static Stream<InetAddress> machineAddresses() throws IOException {
    try {
      return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses);
    } catch (SocketException e) {
      return KernelAddresses.all().stream();
    }
  }

  /** Without brackets, zone and port. */
  private static String bare(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    int open = lower.indexOf('[');
    int close = lower.indexOf(']');
    String inside = open == 0 && close > 0 ? lower.substring(1, close) : lower;
    int zone = inside.indexOf('%');
    String host = zone < 0 ? inside : inside.substring(0, zone);
    boolean port = host.indexOf(':') >= 0 && host.indexOf(':') == host.lastIndexOf(':');
    return ascii(port ? host.substring(0, host.indexOf(':')) : host);
  }

  private static String ascii(String name) {
    try {
      return IDN.toASCII(name);
    } catch (IllegalArgumentException e) {
      return name; // which is no name then
    }
  }

  private static Optional<InetAddress> address(String text) {
    if (!ADDRESS.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
