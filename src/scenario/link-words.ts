/**
 * The words of share links of version 1, FROZEN: a link names a phrase by its place in this list, so no line may ever be
 * changed, moved or removed; a better list is a new version of the link beside this one. The first 127 cost one byte,
 * the others two. Made of the scenario language's own words and of what the first library says often.
 */
export const phrases: readonly string[] = String.raw` == 
payment.ledger.filter(
"do":[{
.size()
l.order
"order":"order",
,"check":"
o.id
}}}
 && 
,"operations":
]}}
the
","broken":"
'charge'
,"row":{
.sum()
and
l.type
"status":"'ACTIVE'"
"tables":
"when":"always"
.map(
x.order
{"columns":[
{"order":{
"order"
 - 
 l.type == 'refund')
"when":"eventually"
() + 
inventory.reservations.filter(
o.state
sum
"service":"shipping",
 != 
 l.type == 'refund').size() &&
 l.type == 'refund').size() == 1 &&
 payment.ledger.filter(l, l.order == o.id &&
 r.status == 'ACTIVE').size() == 0 &&
 x.type == 'charge').size())
"].
"amount":"amount",
"atMs":"now"
"customer":"c1",
"id":"order",
"id":"order-saga",
"insert":"ledger"
"limit":1
"messages":"messages()"
"nth":1,
"orchestrator":"order",
"quantity"
"refusal":"ChargeRefused",
"refusal":"ReserveRefused",
"reply":"Charged",
"reply":"Reserved",
"sagas":"sagas.size()",
"sagascope":1,
"service":"order",
"service":"payment",
"sku"
"sku":"sku",
"start":"PlaceOrder",
"update":"accounts",
"update":"orders",
"update":"stock",
"when":"always",
"where":{"customer":"customer"},
"where":{"id":"order"},
"where":{"sku":"sku"},
'ACTIVE'
'refund'
,"ATOM":{
,"ONE-CHARGE":{
,"STOCK":{
,"do":[
,"inventory":{
,"operations":{
,"payment":{
,"properties":
,"refund":{
,"release":{
,"sagas":
,"services":
,"shipping":{
,"where":{
available
balance
l.amount
longer
order.orders.all(
payment.ledger.all(
r.quantity
r.status
s.available
s.order
s.quantity
shipping.shipments.filter(
shipping.shipments.map(
x.type
{"MONEY":{
{"charge":{
{"reserve":{
"afterMs":31.123,
"b":"space-time",
"i":"tables"
"l":1,
"nth":1
"p":41,
"title":"Happy path"
"to":"order",
"x":0.25,
one
order 
reserved
shipped
{"s":{
 !ledger.exists(l, l.order == order &&
 (o.state in ['REJECTED', 'CANCELLED'] &&
 <= 
 == '
 >= 
 ['
 += 
 -= 
 = '
 == null
 inventory.reservations.filter(r, r.order == o.id &&
 inventory.stock.all(s, s.available >= 0)
 l.type == 'charge') &&
 l.type == 'charge').size() - payment.ledger.filter(l, l.order == o.id &&
 l.type == 'charge').size() == payment.ledger.filter(l, l.order == o.id &&
 order.orders.all(o, o.state != 'PENDING')
 payment.ledger.all(l, l.type != 'refund' ||
 payment.ledger.filter(x, x.order == l.order &&
 shipping.shipments.filter(s, s.order == o.id).size() == 0))
 shipping.shipments.filter(s, s.order == o.id).size() == 1) ||
 x.type == 'charge').size() - payment.ledger.filter(x, x.order == l.order &&
 x.type == 'refund').size() <= 1)
 x.type == 'refund').size() <= payment.ledger.filter(x, x.order == l.order &&
 || 
").
","
","available":"
","balance":"
","change":"
","log":"
","messages":"
","order":"
","otherwise":"
","refunds":"
","refusal":"
","reserved":"
","saga":"
","sagas":"
","shipped":"
","text":"
","title":"
":"
":[{"
":{"
"LIVE":{"when":"eventually","check":"sagas.all(s, s.ended) && order.orders.all(o, o.state != 'PENDING')","broken":"Stuck: a saga never ended, and nobody will move it."}
"a":[{
"accounts":{"columns":["customer","balance"],"key":"customer","rows":[{"customer":"c1","balance":1000}]},
"ack lost"
"acknowledge":
"additionalProperties":
"after ack"
"after commit"
"after send"
"after sending"
"after"
"after":
"afterMs":
"afterMs":25.001,
"afterMs":41.001,
"always"
"amount"
"amount":100
"approve"
"approve":{"do":[{"update":"orders","where":{"id":"order"},"change":"state = 'APPROVED'"}]},
"as":
"as":"held"
"ask again"
"atMs"
"atMs":
"atMs":12.001
"atMs":12.001,
"attemptsMax":
"available"
"available":4,
"available":5
"back"
"balance"
"balance":1000
"balance":900,
"before commit"
"before sending"
"before transaction"
"before"
"between":
"between":[["payment"],["order","inventory","shipping"]],
"both"
"breaks":
"broken":
"broken":"Charged twice: one order has been paid more than once."
"broken":"Money out of nothing: refunds and charges no longer explain the balance."
"broken":"Neither all nor nothing: the order, the money and the goods disagree at the end."
"broken":"Stock does not add up: available, reserved and shipped no longer make five."
"broken":"Stuck: a saga never ended, and nobody will move it."
"buffer"
"bus":
"business key"
"by":
"byMs":
"byMs":20
"byMs":8000
"case":
"case":"S01"
"case":"S01",
"change":
"change":"available += held.quantity"
"change":"available -= quantity"
"change":"balance += amount"
"change":"balance -= amount"
"change":"state = 'APPROVED'"
"change":"state = 'REJECTED'"
"change":"status = 'RELEASED'",
"change":"status = 'SHIPPED'",
"chapter":
"chapter":"Sagas"
"chapter":"Sagas",
"charge"
"charges":"payment.ledger.filter(l, l.type == 'charge').size()",
"charges":1,
"check then insert"
"check":
"check":"inventory.stock.map(s, s.available).sum() + inventory.reservations.filter(r, r.status == 'ACTIVE').map(r, r.quantity).sum() + shipping.shipments.map(s, s.quantity).sum() == 5 && inventory.stock.all(s, s.available >= 0)",
"check":"payment.ledger.all(l, payment.ledger.filter(x, x.order == l.order && x.type == 'charge').size() - payment.ledger.filter(x, x.order == l.order && x.type == 'refund').size() <= 1)",
"check":"sagas.all(s, s.ended) && order.orders.all(o, o.state != 'PENDING')",
"claim first"
"columns":
"columns":["customer","balance"],
"columns":["order","sku","quantity","status"]
"columns":["sku","available"],
"compensatable"
"compensate"
"compensation":
"compensation":"refund"
"compensation":"reject"
"compensation":"release"
"compensationRetry":
"compensationTimeoutMs":
"compensations":
"concurrency":
"conflict":
"copies":
"crash"
"create"
"create":{"do":[{"insert":"orders","row":{"id":"order","customer":"customer","state":"'PENDING'"}}]},
"customer"
"customer":"customer"
"customer":"customer",
"default":
"delay"
"delete":
"deliveriesMax":
"description":
"direction":
"do":
"do":[{"update":"accounts","where":{"customer":"customer"},"change":"balance += amount"},{"insert":"ledger","row":{"order":"order","type":"'refund'","amount":"amount","atMs":"now"}}]
"do":[{"update":"accounts","where":{"customer":"customer"},"require":"balance >= amount","otherwise":"INSUFFICIENT_FUNDS","change":"balance -= amount"},{"insert":"ledger","row":{"order":"order","type":"'charge'","amount":"amount","atMs":"now"}}]
"do":[{"update":"stock","where":{"sku":"sku"},"require":"available >= quantity","otherwise":"OUT_OF_STOCK","change":"available -= quantity"},{"insert":"reservations","row":{"order":"order","sku":"sku","quantity":"quantity","status":"'ACTIVE'"}}]
"drop"
"duplicate"
"durable":
"else":
"enabled":
"endMs":
"ended":
"entriesMax":
"eventually"
"existing"
"expect":
"expect":{"charges":1,"refunds":0,"balance":900,"available":4,"reserved":0,"shipped":1,"order":"APPROVED","saga":"Completed","messages":6,"log":["create","charge","reserve","ship","approve"]}
"factor":
"fail"
"faults":
"fence":
"fingerprint":
"first"
"fresh"
"from":
"from":"payment",
"fromMs":
"fromMs":55.001,
"guard":
"handlerMs":
"hopMs":
"id"
"id":
"id":"order"
"idempotencyKey":
"if":
"if":"held != null"
"if":"held != null",
"if":"ledger.exists(l, l.order == order && l.type == 'charge') && !ledger.exists(l, l.order == order && l.type == 'refund')",
"ignore"
"in transaction"
"inbox":
"initialMs":
"insert":
"insert":"orders"
"insert":"reservations"
"insert":"shipments"
"insert":"shipments",
"inventory"
"isolation":
"keep"
"key":
"key":"customer",
"key":"id"
"key":"sku"
"key":"sku",
"keys":
"kind":
"kind":"crash"
"kind":"crash",
"kind":"delay"
"kind":"delay",
"kind":"drop"
"kind":"drop",
"kind":"duplicate",
"kind":"fail"
"kind":"fail",
"kind":"partition"
"kind":"partition",
"kind":"pivot"
"kind":"refuse",
"kind":"retriable"
"kind":"slow"
"kind":"slow",
"ledger":{"columns":["order","type","amount","atMs"]}
"lifetimeMs":
"limit":
"lock":
"log":["create","charge","reserve","ship","approve"]
"maxMs":
"message id"
"message":
"message":"PlaceOrder"
"messages":6
"messages":6,
"mode":
"n":12345
"n":12345,
"name":
"name":"approve",
"name":"charge",
"name":"create",
"name":"reserve",
"name":"ship"
"name":"ship",
"never"
"none"
"nth":
"observables":
"on receipt"
"on":
"onError":
"onTimeout":
"operation":
"operation":"approve",
"operation":"charge",
"operation":"create",
"operation":"reserve",
"operation":"ship",
"operations":
"orchestrator":
"order":
"order":"APPROVED",
"order":"o1"
"order":"o1",
"orders":{"columns":["id","customer","state"],"key":"id"}
"otherwise":
"otherwise":"INSUFFICIENT_FUNDS",
"otherwise":"OUT_OF_STOCK"
"otherwise":"OUT_OF_STOCK",
"outbox":
"parallel"
"partition"
"patch":
"payload":
"payment"
"per key"
"persist":
"pivot"
"point":
"point":"on receipt",
"positions":
"probability":
"properties":
"propertyNames":
"protections":
"quantity":"quantity"
"quantity":"quantity",
"quantity":1,
"read committed"
"read":
"read":"reservations"
"read":"reservations",
"reason":
"redeliver"
"refunds":"payment.ledger.filter(l, l.type == 'refund').size()",
"refunds":0,
"refusal":
"refusal":"ShipRefused"
"refusal":"ShipRefused",
"refuse"
"register":
"reject":{"do":[{"update":"orders","where":{"id":"order"},"change":"state = 'REJECTED'"}]}
"remove"
"replace"
"reply"
"reply":
"reply":"Refunded"
"reply":"Refunded",
"reply":"Released"
"reply":"Released",
"reply":"Shipped",
"requests":
"requests":[{
"require":
"require":"available >= quantity",
"require":"balance >= amount",
"reservations":{"columns":["order","sku","quantity","status"]}
"reserve"
"reserved":"inventory.reservations.filter(r, r.status == 'ACTIVE').map(r, r.quantity).sum()",
"reserved":0,
"restartMs":
"restartMs":8000
"retentionMs":
"retriable"
"retry":
"retryRefusals":
"return":
"reverse"
"row":
"row":{"order":"order","sku":"sku","quantity":"quantity"}
"rows":
"rows":[{
"rows":[{"customer":"c1","balance":1000}]
"rows":[{"sku":"s1","available":5}]
"saga":"Completed",
"sagas":
"sagascope":
"sagascope":1
"same"
"seed":
"serializable"
"service":
"service":"inventory",
"services":
"ship"
"ship":{"reply":"Shipped","refusal":"ShipRefused","do":[{"insert":"shipments","row":{"order":"order","sku":"sku","quantity":"quantity"}},{"update":"inventory.reservations","where":{"order":"order","status":"'ACTIVE'"},"change":"status = 'SHIPPED'","limit":1}]}
"shipments":{"columns":["order","sku","quantity"]}
"shipped":"shipping.shipments.map(s, s.quantity).sum()",
"shipped":1
"shipped":1,
"shipping"
"single transaction"
"sku":"s1",
"sku":"sku"
"slow"
"sometimes"
"speed":
"stage":
"start":
"state"
"state":"'PENDING'"
"status"
"step functions"
"steps":
"steps":[{
"stock":{"columns":["sku","available"],"key":"sku","rows":[{"sku":"s1","available":5}]},
"stored"
"stores":
"successes and refusals"
"successes"
"tables":{"accounts":{"columns":["customer","balance"],"key":"customer","rows":[{"customer":"c1","balance":1000}]},"ledger":{"columns":["order","type","amount","atMs"]}}
"tables":{"orders":{"columns":["id","customer","state"],"key":"id"}}
"tables":{"shipments":{"columns":["order","sku","quantity"]}}
"tables":{"stock":{"columns":["sku","available"],"key":"sku","rows":[{"sku":"s1","available":5}]},"reservations":{"columns":["order","sku","quantity","status"]}}
"temporal"
"text":
"text":"An order is charged, reserved, shipped and approved: one local transaction per service, no lock across them. Shipping is the pivot, the point of no return. Drag Crash onto Payment and watch what is undone."
"there"
"timeoutMs":
"times":
"title":
"title":"Happy path",
"to":
"to":"inventory",
"to":"order"
"to":"payment"
"to":"payment",
"type"
"type":
"type":"'charge'",
"type":"'refund'",
"unique":
"uniqueViolation":
"untilMs":
"untilMs":10055.001
"update":
"update":"accounts"
"update":"inventory.reservations",
"update":"reservations"
"update":"reservations",
"variants":
"visibilityMs":
"when":
"when":"eventually",
"where":
"where":{"id":"order"}
"where":{"order":"order","status":"'ACTIVE'"},
"where":{"sku":"sku"}
"with":
"work":
"workload":
"workload":{"requests":[{"to":"order","message":"PlaceOrder","payload":{"order":"o1","customer":"c1","sku":"s1","quantity":1,"amount":100}}]}
"x":
"x":0.25
"y":
"},"
"},{"
"}]
"}}
' && 
') && !
', '
'PENDING'
'] && 
) && 
) || (
, (
,"ATOM":
,"LIVE":
,"LIVE":{
,"ONE-CHARGE":
,"STOCK":
,"a":[
,"acknowledge":
,"additionalProperties":
,"after":
,"afterMs":
,"amount":
,"approve":
,"approve":{
,"as":
,"atMs":
,"attemptsMax":
,"available":"
,"b":"
,"between":
,"between":[
,"breaks":
,"broken":
,"bus":
,"by":
,"byMs":
,"case":
,"change":
,"change":"
,"chapter":
,"chapter":"
,"check":
,"columns":
,"compensation":
,"compensationRetry":
,"compensationTimeoutMs":
,"compensations":
,"concurrency":
,"conflict":
,"copies":
,"customer":
,"customer":"
,"default":
,"delete":
,"deliveriesMax":
,"description":
,"direction":
,"do":
,"durable":
,"else":
,"enabled":
,"endMs":
,"ended":
,"entriesMax":
,"expect":
,"expect":{
,"factor":
,"faults":
,"fence":
,"fingerprint":
,"from":
,"fromMs":
,"guard":
,"handlerMs":
,"hopMs":
,"id":
,"id":"
,"idempotencyKey":
,"if":
,"inbox":
,"initialMs":
,"insert":
,"inventory":
,"isolation":
,"key":
,"keys":
,"kind":
,"ledger":
,"lifetimeMs":
,"limit":
,"lock":
,"log":[
,"maxMs":
,"message":
,"message":"
,"mode":
,"name":
,"nth":
,"observables":
,"observables":{
,"on":
,"onError":
,"onTimeout":
,"operation":
,"orchestrator":
,"order":
,"order":"
,"otherwise":
,"otherwise":"
,"outbox":
,"patch":
,"payload":
,"payload":{
,"payment":
,"persist":
,"point":
,"positions":
,"probability":
,"propertyNames":
,"protections":
,"quantity":
,"read":
,"reason":
,"refund":
,"refusal":
,"register":
,"reject":
,"reject":{
,"release":
,"reply":
,"requests":
,"require":
,"require":"
,"reservations":
,"reservations":{
,"reserved":"
,"restartMs":
,"retentionMs":
,"retry":
,"retryRefusals":
,"return":
,"row":
,"rows":
,"rows":[
,"sagascope":
,"seed":
,"service":
,"shipping":
,"speed":
,"stage":
,"start":
,"start":"
,"state":"
,"status":"
,"steps":
,"steps":[
,"stores":
,"tables":
,"text":
,"text":"
,"timeoutMs":
,"times":
,"title":
,"to":
,"type":
,"type":"
,"unique":
,"uniqueViolation":
,"untilMs":
,"update":
,"variants":
,"visibilityMs":
,"when":
,"where":
,"with":
,"work":
,"workload":
,"workload":{
,"x":
,"y":
.all(
.exists(
.filter(
000
:[],
:{}
APPROVED
An order is charged, reserved, shipped and approved: 
CANCELLED
ChargeRefused
Charged
Charged 
Charged twice: 
Charged twice: one order has been paid more than once.
Completed
Crash
Drag
Happy path
INSUFFICIENT_FUNDS
Money
Money out of nothing: 
Neither
Neither all nor nothing: 
OUT_OF_STOCK
Payment
PlaceOrder
REJECTED
RELEASED
Refunded
Released
ReserveRefused
Reserved
SHIPPED
Sagas
ShipRefused
Shipped
Shipping
Shipping is the pivot, the point of no return. 
Stock
Stock does not add up: 
Stuck: 
Stuck: a saga never ended, and nobody will move it.
["payment"]
a.balance
accounts
across
add
all
amount
approved
available += held.quantity
available -= quantity
available >= quantity
balance >= amount
been
charge
charged
charges
disagree
does
end
ended
explain
false
five
goods
has
held != null
held.quantity
inventory
inventory.reservations
inventory.reservations.filter(r, r.status == 'ACTIVE').map(r, r.quantity).sum() 
inventory.stock
inventory.stock.all(
inventory.stock.map(
ledger
ledger.exists(
ledger.exists(l, l.order == order &&
local
lock
log
make
messages()
money
more
move
never
nobody
nor
not
nothing
null
once
one local transaction per service, no lock across them. 
onto
order
order-saga
order.orders
order.orders.all(o, (o.state == 'APPROVED' &&
orders
out
paid
payment
payment.accounts
payment.accounts.map(
payment.accounts.map(a, a.balance).sum() == 1000 - payment.ledger.filter(l, l.type == 'charge').map(l, l.amount).sum() + payment.ledger.filter(l, l.type == 'refund').map(l, l.amount).sum() &&
payment.ledger.all(l, payment.ledger.filter(x, x.order == l.order &&
payment.ledger.filter(l, l.type == 'charge').size()
payment.ledger.filter(l, l.type == 'refund').size()
per
pivot
point
quantity
r.order
refund
refunds
reject
release
reservations
return
s.ended
saga
sagas.all(
sagas.all(s, s.ended) &&
sagas.size()
service
shipments
shipping
shipping.shipments.map(s, s.quantity).sum()
space-time
state
state = 'APPROVED'
state = 'REJECTED'
status
status = 'RELEASED'
status = 'SHIPPED'
stock
than
them
transaction
true
twice
undone
watch
what
will
{"MONEY":
{"accounts":
{"accounts":{
{"acknowledge":
{"additionalProperties":
{"after":
{"afterMs":
{"as":
{"atMs":
{"attemptsMax":
{"between":
{"breaks":
{"broken":
{"bus":
{"by":
{"byMs":
{"case":
{"change":
{"chapter":
{"charge":
{"charges":"
{"check":
{"columns":
{"compensation":
{"compensationRetry":
{"compensationTimeoutMs":
{"compensations":
{"concurrency":
{"conflict":
{"copies":
{"create":
{"create":{
{"customer":
{"customer":"
{"default":
{"delete":
{"deliveriesMax":
{"description":
{"direction":
{"do":
{"do":[
{"durable":
{"else":
{"enabled":
{"endMs":
{"ended":
{"entriesMax":
{"expect":
{"factor":
{"faults":
{"fence":
{"fingerprint":
{"from":
{"fromMs":
{"guard":
{"handlerMs":
{"hopMs":
{"id":
{"idempotencyKey":
{"if":
{"if":"
{"if":"held != null","do":[{"update":"reservations","where":{"order":"order","status":"'ACTIVE'"},"change":"status = 'RELEASED'","limit":1},{"update":"stock","where":{"sku":"sku"},"change":"available += held.quantity"}]}
{"inbox":
{"initialMs":
{"insert":
{"insert":"
{"insert":"ledger","row":{"order":"order","type":"'charge'","amount":"amount","atMs":"now"}}
{"insert":"ledger","row":{"order":"order","type":"'refund'","amount":"amount","atMs":"now"}}
{"insert":"reservations","row":{"order":"order","sku":"sku","quantity":"quantity","status":"'ACTIVE'"}}
{"insert":"shipments","row":{"order":"order","sku":"sku","quantity":"quantity"}}
{"isolation":
{"key":
{"keys":
{"kind":
{"kind":"crash","service":"payment","atMs":12.001,"restartMs":8000}
{"kind":"crash","service":"payment","nth":1,"point":"on receipt","restartMs":8000}
{"kind":"delay","to":"inventory","afterMs":41.001,"nth":1,"byMs":8000}
{"kind":"drop","from":"payment","to":"order","afterMs":25.001,"nth":1}
{"kind":"duplicate","to":"payment","afterMs":25.001,"nth":1,"byMs":20}
{"kind":"fail","service":"shipping","afterMs":31.123,"nth":1}
{"kind":"partition","between":[["payment"],["order","inventory","shipping"]],"fromMs":55.001,"untilMs":10055.001}
{"kind":"refuse","service":"shipping","afterMs":31.123,"nth":1}
{"kind":"slow","service":"shipping","afterMs":31.123,"nth":1,"byMs":8000}
{"lifetimeMs":
{"limit":
{"lock":
{"maxMs":
{"message":
{"mode":
{"name":
{"name":"approve","service":"order","operation":"approve","kind":"retriable"}
{"name":"charge","service":"payment","operation":"charge","compensation":"refund"}
{"name":"create","service":"order","operation":"create","compensation":"reject"}
{"name":"reserve","service":"inventory","operation":"reserve","compensation":"release"}
{"name":"ship","service":"shipping","operation":"ship","kind":"pivot"}
{"nth":
{"observables":
{"on":
{"onError":
{"onTimeout":
{"operation":
{"operations":
{"orchestrator":
{"order":
{"orders":
{"otherwise":
{"outbox":
{"patch":
{"payload":
{"persist":
{"point":
{"positions":
{"probability":
{"properties":
{"propertyNames":
{"protections":
{"read":
{"read":"
{"read":"reservations","where":{"order":"order","status":"'ACTIVE'"},"as":"held"}
{"reason":
{"refusal":
{"register":
{"reply":
{"reply":"
{"requests":
{"requests":[
{"require":
{"reserve":
{"restartMs":
{"retentionMs":
{"retry":
{"retryRefusals":
{"return":
{"row":
{"rows":
{"sagas":
{"sagascope":
{"seed":
{"service":
{"services":
{"ship":
{"ship":{
{"shipments":
{"sku":"s1","available":5}
{"speed":
{"stage":
{"start":
{"steps":
{"stock":
{"stock":{
{"stores":
{"tables":
{"tables":{
{"text":
{"timeoutMs":
{"times":
{"title":
{"to":
{"to":"order","message":"PlaceOrder","payload":{"order":"o1","customer":"c1","sku":"s1","quantity":1,"amount":100}}
{"type":
{"unique":
{"uniqueViolation":
{"untilMs":
{"update":
{"update":"
{"update":"accounts","where":{"customer":"customer"},"change":"balance += amount"}
{"update":"reservations","where":{"order":"order","status":"'ACTIVE'"},"change":"status = 'RELEASED'","limit":1}
{"update":"stock","where":{"sku":"sku"},"change":"available += held.quantity"}
{"variants":
{"visibilityMs":
{"when":
{"where":
{"with":
{"work":
{"workload":
{"x":
{"y":
},"`.split('\n')
