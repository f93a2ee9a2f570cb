"""What is counted for who watches over the server, in Prometheus' words.

`requests` counts while requests are answered, `library_facts` asks the database when somebody asks
`endpoint`; what concerns events is counted in `events.metrics`. Each process counts its own.
"""
