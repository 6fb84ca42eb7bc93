my $password = '«password|{{pw}}»';
‹password|my $password = shift;›
‹password|my $password = $ENV{DB_PASSWORD};›
my $dbh = DBI->connect("dbi:mysql:{{word}}", "{{user}}", $password);
$config{password} = "«password|{{pw}}»";
‹password|$config{password} = $opts->{password};›
%auth = (user => '{{user}}', pass => '«password|{{pw}}»');
‹token|my ($token) = $line =~ /token=(\w+)/;›
my $api_key = "«key|{{hex:32}}»";
‹key|foreach my $key (sort keys %h) {›
‹password|GetOptions("password=s" => \$password);›
‹password|print "password: ";›
our $SECRET = "«secret|{{alnum:24}}»";
